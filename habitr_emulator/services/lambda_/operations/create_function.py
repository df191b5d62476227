"""CreateFunction: make a function from a deployment package.

https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
"""

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import changes, functions, layers, pool, settings, versions
from habitr_emulator.services.lambda_.errors import InvalidParameterValueException, ResourceConflictException
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="lambda:CreateFunction", resources=functions.arn_of)
async def create_function(request: Input, ctx: Context) -> Output:
    """Create ``FunctionName`` from ``Code`` (``ZipFile``, or an object of S3); it can be invoked at once.

    Raises ResourceConflictException, InvalidParameterValueException, NotBuilt (images).
    """
    ctx.authorize("iam:PassRole", request["Role"], {"iam:PassedToService": "lambda.amazonaws.com"})
    name = functions.name_of(request["FunctionName"])
    changes.check_settings(request)
    if "Runtime" not in request or "Handler" not in request:
        raise InvalidParameterValueException(
            "Runtime and Handler are mandatory parameters for functions created with deployment packages."
        )
    pool.check_runtime(request["Runtime"])
    package = await changes.package_of(ctx, request["Code"])
    chosen = layers.chosen(ctx.account, request.get("Layers") or ())
    configuration = functions.configuration(ctx.account, name, ctx.ids.uuid(), {**request, "Layers": chosen})
    deployed = ctx.account.part(functions.Deployed).functions

    def create(tx: Transaction) -> None:
        row = tx.one("SELECT configuration FROM lambda_function WHERE function_name = ?", (name,))
        if name in deployed if row is None else row["configuration"] != functions.DELETED:
            raise ResourceConflictException(f"Function already exist: {name}")
        changes.put(tx, configuration, package)
        if request.get("Tags"):
            settings.put_in(tx, name, settings.TAGS, request["Tags"])

    await ctx.store.write(create)
    made = functions.require(ctx.account, name)
    if request.get("Publish"):
        made = await versions.publish(ctx, made, None)
    return changes.described(ctx, made)
