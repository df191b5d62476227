"""DeleteFunction: remove a function and its policy.

https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunction.html
"""

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import functions, packages, versions
from habitr_emulator.services.lambda_.errors import InvalidParameterValueException, ResourceConflictException
from habitr_emulator.services.lambda_.pool import Pool
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="lambda:DeleteFunction", resources=functions.arn_of)
async def delete_function(request: Input, ctx: Context) -> Output:
    """Remove ``FunctionName`` with its versions, or the version ``Qualifier`` alone.

    A function of the project comes back when that is deployed again. Raises ResourceNotFoundException,
    InvalidParameterValueException ($LATEST, an alias), ResourceConflictException (an alias names the version).
    """
    asked = request.get("Qualifier") or functions.qualifier_of(request["FunctionName"])
    if asked is not None:
        return await _delete_version(ctx, functions.require(ctx.account, request["FunctionName"]).name, asked)
    function = functions.require(ctx.account, request["FunctionName"])
    deployed = ctx.account.part(functions.Deployed).functions

    def delete(tx: Transaction) -> None:
        for table in ("function", "permission", "version", "alias", "setting"):
            tx.execute(f"DELETE FROM lambda_{table} WHERE function_name = ?", (function.name,))  # noqa: S608
        if function.name in deployed:
            tx.execute("INSERT INTO lambda_function VALUES (?, ?, NULL)", (function.name, functions.DELETED))
        packages.drop_unused(tx)

    await ctx.store.write(delete)
    await ctx.account.part(Pool).forget(function.name)
    return {}


async def _delete_version(ctx: Context, name: str, version: str) -> Output:
    if version == functions.LATEST or not version.isdigit():
        raise InvalidParameterValueException(
            "$LATEST version cannot be deleted without deleting the function."
            if version == functions.LATEST
            else f"Value '{version}' is no version: an alias is deleted by DeleteAlias."  # guess: wording
        )
    for alias in versions.aliases(ctx.account, name):
        if version in (alias["FunctionVersion"], *_weighted(alias)):
            text = f"Version {version} of function {name} is used by alias {alias['Name']}."  # guess: wording
            raise ResourceConflictException(text)

    def delete(tx: Transaction) -> None:
        tx.execute("DELETE FROM lambda_version WHERE function_name = ? AND version = ?", (name, int(version[:18])))
        packages.drop_unused(tx)

    await ctx.store.write(delete)
    await ctx.account.part(Pool).forget(name)
    return {}


def _weighted(alias: Output) -> Output:
    weights: Output = (alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights", {})
    return weights
