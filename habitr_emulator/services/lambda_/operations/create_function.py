"""CreateFunction: make a function from a deployment package.

https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
"""

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import changes, functions, pool
from habitr_emulator.services.lambda_.errors import InvalidParameterValueException, ResourceConflictException
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="lambda:CreateFunction", resources=functions.arn_of)
async def create_function(request: Input, ctx: Context) -> Output:
    """Create ``FunctionName`` from ``Code.ZipFile``; it can be invoked at once.

    Raises ResourceConflictException, InvalidParameterValueException, NotBuilt (images, layers, code in S3).
    """
    ctx.authorize("iam:PassRole", request["Role"], {"iam:PassedToService": "lambda.amazonaws.com"})
    name = functions.name_of(request["FunctionName"])
    changes.check_settings(request)
    if "Runtime" not in request or "Handler" not in request:
        raise InvalidParameterValueException(
            "Runtime and Handler are mandatory parameters for functions created with deployment packages."
        )
    pool.check_runtime(request["Runtime"])
    package = changes.package_of(request["Code"])
    configuration = functions.configuration(ctx.account, name, ctx.ids.uuid(), request)
    deployed = ctx.account.part(functions.Deployed).functions

    def create(tx: Transaction) -> None:
        row = tx.one("SELECT configuration FROM lambda_function WHERE function_name = ?", (name,))
        if name in deployed if row is None else row["configuration"] != functions.DELETED:
            raise ResourceConflictException(f"Function already exist: {name}")
        changes.put(tx, configuration, package)

    await ctx.store.write(create)
    return changes.described(ctx, functions.require(ctx.account, name))
