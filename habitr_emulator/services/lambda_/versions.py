"""Published versions and aliases of functions.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html
https://docs.aws.amazon.com/lambda/latest/dg/configuration-aliases.html
"""

import json
from dataclasses import replace
from typing import Any

from habitr_emulator.kernel.clock import iso8601
from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.context import Account, Context
from habitr_emulator.services.lambda_ import code, functions, packages, settings
from habitr_emulator.services.lambda_.errors import function_not_found
from habitr_emulator.services.lambda_.functions import LATEST, Function

_HIGHEST = "highest-version"
_ROWS = "SELECT * FROM lambda_version WHERE function_name = ?"


def resolve(account: Account, reference: str, qualifier: str | None = None) -> Function:
    """The function, version or alias that a reference means, with the ARN that it was asked for by.

    An alias with weights draws its version. Raises ResourceNotFoundException.
    """
    function = functions.require(account, reference)
    asked = qualifier or functions.qualifier_of(reference)
    if asked is None:
        return function
    arn = f"{function.arn}:{asked}"
    if asked == LATEST:
        found: Function | None = function
    elif asked.isdigit():
        found = _version(account, function.name, asked)
    else:
        row = alias(account, function.name, asked)
        found = _version(account, function.name, _drawn(account, row)) if row else None
    if found is None:
        raise function_not_found(arn, why=f"{function.name} has no version or alias of this name: {asked}")
    return replace(found, configuration={**found.configuration, "FunctionArn": arn})


def exists(account: Account, name: str, version: str) -> bool:
    """Whether there is such a version, ``$LATEST`` included."""
    return version == LATEST or _version(account, name, version) is not None


def alias(account: Account, name: str, alias_name: str) -> dict[str, Any] | None:
    """An alias as GetAlias answers it, or None."""
    sql = "SELECT configuration FROM lambda_alias WHERE function_name = ? AND name = ?"
    row = account.store.one(sql, (name, alias_name))
    return None if row is None else dict(json.loads(row["configuration"]))


def aliases(account: Account, name: str) -> list[dict[str, Any]]:
    """Every alias of a function, by name."""
    sql = "SELECT configuration FROM lambda_alias WHERE function_name = ? ORDER BY name"
    return [json.loads(row["configuration"]) for row in account.store.all(sql, (name,))]


def published(account: Account, name: str) -> list[Function]:
    """The published versions of a function, the oldest first."""
    rows = account.store.all(f"{_ROWS} ORDER BY version", (name,))
    return [_function(account, row) for row in rows]


async def publish(ctx: Context, function: Function, description: str | None) -> Function:
    """Publish ``$LATEST``: nothing happens if neither code nor settings changed since the last version."""
    package = await _package(ctx, function)
    latest = published(ctx.account, function.name)
    settled = _settled(function)
    if latest and latest[-1].code_sha256 == packages.digest(package) and _settled(latest[-1]) == settled:
        return latest[-1]
    revision, now = ctx.ids.uuid(), ctx.clock.now()

    def write(tx: Transaction) -> int:
        sql = "SELECT value FROM lambda_setting WHERE function_name = ? AND kind = ? AND qualifier = ''"
        row = tx.one(sql, (function.name, _HIGHEST))
        version = 1 + (json.loads(row["value"]) if row else 0)
        settings.put_in(tx, function.name, _HIGHEST, version)
        made = {
            **function.configuration,
            "Version": str(version),
            "FunctionArn": f"{function.arn}:{version}",
            "RevisionId": revision,
            "LastModified": f"{iso8601(now)[:-1]}+0000",
            **({"Description": description} if description is not None else {}),
        }
        row_values = (function.name, version, json.dumps(made), packages.put(tx, package))
        tx.execute("INSERT INTO lambda_version VALUES (?, ?, ?, ?)", row_values)
        return version

    version = await ctx.store.write(write)
    made = _version(ctx.account, function.name, str(version))
    assert made is not None
    return made


def _settled(function: Function) -> dict[str, Any]:
    """The part of a configuration whose change is a new version."""
    ignored = ("Version", "FunctionArn", "RevisionId", "LastModified", "Description")
    return {name: value for name, value in function.configuration.items() if name not in ignored}


async def _package(ctx: Context, function: Function) -> bytes:
    if function.code_sha256 is not None:
        package = packages.get(ctx.account, function.code_sha256)
        if package is not None:
            return package
    return await code.pack(function.folder)


def _version(account: Account, name: str, version: str) -> Function | None:
    row = account.store.one(f"{_ROWS} AND version = ?", (name, int(version[:18])))
    return None if row is None else _function(account, row)


def _function(account: Account, row: Any) -> Function:
    folder = functions.code_folder(account, row["code_sha256"])
    own = functions.get(account, row["function_name"])
    deployed = own is not None and own.deployed
    return Function(json.loads(row["configuration"]), folder, deployed, row["code_sha256"])


def _drawn(account: Account, row: dict[str, Any]) -> str:
    """The version that one call of an alias goes to."""
    drawn = account.ids.random()
    for version, weight in (row.get("RoutingConfig") or {}).get("AdditionalVersionWeights", {}).items():
        if drawn < weight:
            return str(version)
        drawn -= weight
    return str(row["FunctionVersion"])
