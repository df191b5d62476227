"""Layers: code that functions share, unpacked beside theirs.

A function's process finds a layer by its search paths (``PYTHONPATH``, ``NODE_PATH``, ``PATH``), as there is no
container whose ``/opt`` could hold it.
https://docs.aws.amazon.com/lambda/latest/dg/chapter-layers.html
"""

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from habitr_emulator.kernel.clock import iso8601
from habitr_emulator.kernel.store import Row, Transaction
from habitr_emulator.services.context import Account, Context
from habitr_emulator.services.lambda_ import code, functions, packages
from habitr_emulator.services.lambda_.errors import InvalidParameterValueException, ResourceNotFoundException

MOST_LAYERS = 5
_VERSION_ARN = re.compile(r"arn:aws[a-zA-Z-]*:lambda:[^:]+:\d{12}:layer:(?P<name>[a-zA-Z0-9_-]+):(?P<version>\d+)")
_HIGHEST = "SELECT coalesce(max(version), 0) AS highest FROM lambda_layer WHERE layer_name = ?"
#: Below a layer's root, the folders that each kind of program searches, and the variable that tells it.
_SEARCHED = (
    ("PYTHONPATH", ("python", "python/lib/python3.*/site-packages")),
    ("NODE_PATH", ("nodejs/node_modules",)),
    ("PATH", ("bin",)),
    ("LD_LIBRARY_PATH", ("lib",)),
)


@dataclass(frozen=True, slots=True)
class LayerVersion:
    """A version of a layer: ``content`` as GetLayerVersion answers it, without a location."""

    name: str
    version: int
    content: dict[str, Any]
    code_sha256: str


def name_of(reference: str) -> str:
    """The name in a layer's name or ARN."""
    return reference.rpartition(":layer:")[2].partition(":")[0]


def arn_of(request: Mapping[str, Any], ctx: Context) -> str:
    """The ARN of the layer that a request names, for policies."""
    return ctx.account.arn("lambda", f"layer:{name_of(request['LayerName'])}")


def version_arn_of(request: Mapping[str, Any], ctx: Context) -> str:
    """The ARN of the layer version that a request names, for policies."""
    return f"{arn_of(request, ctx)}:{request['VersionNumber']}"


async def publish(ctx: Context, name: str, package: bytes, settings: Mapping[str, Any]) -> LayerVersion:
    """Add a version with the next number."""
    arn = ctx.account.arn("lambda", f"layer:{name}")
    content = {
        "LayerArn": arn,
        "Description": settings.get("Description", ""),
        "CreatedDate": f"{iso8601(ctx.clock.now())[:-1]}+0000",
        "Content": code.describe_package(package),
        **{key: settings[key] for key in _KEPT if settings.get(key)},
    }

    def write(tx: Transaction) -> int:
        row = tx.one(_HIGHEST, (name,))
        version = 1 + (int(row["highest"]) if row else 0)
        made = {**content, "Version": version, "LayerVersionArn": f"{arn}:{version}"}
        values = (name, version, json.dumps(made), packages.put(tx, package))
        tx.execute("INSERT INTO lambda_layer VALUES (?, ?, ?, ?)", values)
        return version

    return require(ctx.account, name, await ctx.store.write(write))


_KEPT = ("CompatibleRuntimes", "CompatibleArchitectures", "LicenseInfo")


def require(account: Account, name: str, version: int) -> LayerVersion:
    """A version of a layer; raises ResourceNotFoundException."""
    sql = "SELECT * FROM lambda_layer WHERE layer_name = ? AND version = ? AND code_sha256 IS NOT NULL"
    row = account.store.one(sql, (name, version))
    if row is None:
        raise ResourceNotFoundException("The resource you requested does not exist.")
    return _of_row(row)


def versions(account: Account, name: str | None = None) -> list[LayerVersion]:
    """The versions of one layer or of all: by name, the newest first."""
    sql = "SELECT * FROM lambda_layer WHERE code_sha256 IS NOT NULL"
    if name is None:
        return [_of_row(row) for row in account.store.all(f"{sql} ORDER BY layer_name, version DESC")]
    rows = account.store.all(f"{sql} AND layer_name = ? ORDER BY version DESC", (name,))
    return [_of_row(row) for row in rows]


def compatible(found: Sequence[LayerVersion], request: Mapping[str, Any]) -> list[dict[str, Any]]:
    """As lists show them: those for the runtime and the architecture that a request asks for."""
    runtime, architecture = request.get("CompatibleRuntime"), request.get("CompatibleArchitecture")
    return [
        {name: value for name, value in layer.content.items() if name != "Content"}
        for layer in found
        if runtime is None or runtime in layer.content.get("CompatibleRuntimes", ())
        if architecture is None or architecture in layer.content.get("CompatibleArchitectures", ())
    ]


async def delete(ctx: Context, name: str, version: int) -> None:
    """Forget a version; there may be none."""

    def write(tx: Transaction) -> None:
        tx.execute(
            "UPDATE lambda_layer SET code_sha256 = NULL WHERE layer_name = ? AND version = ?", (name, version)
        )
        packages.drop_unused(tx)

    await ctx.store.write(write)


def chosen(account: Account, arns: Sequence[str]) -> list[dict[str, Any]]:
    """A configuration's ``Layers`` for ARNs of layer versions; raises InvalidParameterValueException."""
    if len(arns) > MOST_LAYERS:
        raise InvalidParameterValueException(f"Cannot reference more than {MOST_LAYERS} layers.")
    found = []
    for arn in arns:
        match = _VERSION_ARN.fullmatch(arn)
        try:
            layer = require(account, match["name"], int(match["version"])) if match else None
        except ResourceNotFoundException:
            layer = None
        if layer is None:
            raise InvalidParameterValueException(
                f"Layer version {arn} does not exist.", why="a layer must be published here before it is used"
            )
        found.append({"Arn": arn, "CodeSize": layer.content["Content"]["CodeSize"]})
    return found


async def unpacked(account: Account, configuration: Mapping[str, Any]) -> list[Path]:
    """The roots of a function's layers, the last first: what comes later hides what came before."""
    roots = []
    for each in configuration.get("Layers", ()):
        match = _VERSION_ARN.fullmatch(each["Arn"])
        if match is None:
            continue
        layer = require(account, match["name"], int(match["version"]))
        root = functions.code_folder(account, layer.code_sha256)
        package = packages.get(account, layer.code_sha256)
        if package is not None and not root.is_dir():
            await asyncio.to_thread(code.unpack, package, root)
        roots.append(root)
    return roots[::-1]


def search_paths(roots: Sequence[Path], environment: Mapping[str, str]) -> dict[str, str]:
    """Variables by which a process finds what is in layers, before what ``environment`` names already.

    Packages for another Python than the one that runs here are found as well: most run.
    """
    paths = {}
    for variable, folders in _SEARCHED:
        found = [
            str(path) for root in roots for each in folders for path in sorted(root.glob(each)) if path.is_dir()
        ]
        before = [environment[variable]] if environment.get(variable) else []
        if found:
            paths[variable] = ":".join([*found, *before])
    return paths


def _of_row(row: Row) -> LayerVersion:
    return LayerVersion(row["layer_name"], row["version"], json.loads(row["content"]), row["code_sha256"])
