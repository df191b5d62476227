"""What the operations of aliases share.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-aliases.html
"""

import json
from collections.abc import Mapping
from typing import Any

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.context import Account, Context
from habitr_emulator.services.lambda_ import functions, versions
from habitr_emulator.services.lambda_.errors import InvalidParameterValueException, ResourceNotFoundException
from habitr_emulator.services.lambda_.functions import LATEST, Function


def require(account: Account, function: Function, name: str) -> dict[str, Any]:
    """An alias as GetAlias answers it; raises ResourceNotFoundException."""
    found = versions.alias(account, function.name, name)
    if found is None:
        raise ResourceNotFoundException(
            f"Cannot find alias arn: {function.arn}:{name}", why=f"{function.name} has no alias {name}"
        )
    return found


def made(
    ctx: Context, function: Function, request: Mapping[str, Any], before: Mapping[str, Any]
) -> dict[str, Any]:
    """The alias that a request makes of what was ``before``, checked."""
    version = request.get("FunctionVersion", before.get("FunctionVersion"))
    routing = request.get("RoutingConfig", before.get("RoutingConfig"))
    _check_version(ctx.account, function, str(version))
    weights = (routing or {}).get("AdditionalVersionWeights") or {}
    for other, weight in weights.items():
        _check_version(ctx.account, function, other)
        if LATEST in (other, version):
            raise InvalidParameterValueException(
                "$LATEST is not supported for an alias pointing to more than 1 version"
            )
        if not 0.0 <= weight <= 1.0:
            raise InvalidParameterValueException(f"Weight {weight} of version {other} must be between 0 and 1.")
    return {
        "AliasArn": f"{function.arn}:{request['Name']}",
        "Name": request["Name"],
        "FunctionVersion": version,
        "Description": request.get("Description", before.get("Description", "")),
        "RevisionId": ctx.ids.uuid(),
        **({"RoutingConfig": {"AdditionalVersionWeights": weights}} if weights else {}),
    }


def _check_version(account: Account, function: Function, version: str) -> None:
    if version != LATEST and not (version.isdigit() and versions.exists(account, function.name, version)):
        raise ResourceNotFoundException(f"Function not found: {function.arn}:{version}")


def put(tx: Transaction, function: Function, alias: Mapping[str, Any]) -> None:
    """Inside a write: keep an alias."""
    row = (function.name, alias["Name"], json.dumps(alias))
    tx.execute("INSERT OR REPLACE INTO lambda_alias VALUES (?, ?, ?)", row)


def arn_of(request: Mapping[str, Any], ctx: Context) -> str:
    """The ARN of the function that an alias belongs to: what policies name for these operations."""
    return functions.arn_of(request, ctx)
