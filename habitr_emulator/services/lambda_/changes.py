"""Creating, changing and removing functions by API calls: what the operations share."""

import json
from collections.abc import Mapping
from typing import Any

from habitr_emulator.kernel.errors import AwsError, NotBuilt
from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import code, functions, layers, packages
from habitr_emulator.services.lambda_.environment import RESERVED
from habitr_emulator.services.lambda_.errors import InvalidParameterValueException, PreconditionFailedException
from habitr_emulator.services.lambda_.functions import Function

#: Settings that change how a function runs in a way that the emulator cannot follow.
_NOT_BUILT = ("FileSystemConfigs", "ImageConfig", "DeadLetterConfig", "KMSKeyArn", "DurableConfig")
_SETTABLE = (
    "Runtime",
    "Role",
    "Handler",
    "Description",
    "Timeout",
    "MemorySize",
    "TracingConfig",
    "EphemeralStorage",
)


def check_settings(request: Mapping[str, Any]) -> None:
    """Refuse settings that are wrong (InvalidParameterValueException) or not built (NotBuilt)."""
    for name in _NOT_BUILT:
        if request.get(name):
            raise NotBuilt(f"{name} of a function is not built in habitr-emulator.", why=f"not built: {name}")
    if request.get("PackageType", "Zip") != "Zip":
        raise NotBuilt("Functions as container images are not built.", why="not built: PackageType Image")
    variables = (request.get("Environment") or {}).get("Variables") or {}
    reserved = sorted(RESERVED & set(variables))
    if reserved:
        raise InvalidParameterValueException(
            "Lambda was unable to configure your environment variables because the environment variables you have "
            "provided contains reserved keys that are currently not supported for modification. "
            f"Reserved keys used in this request: {', '.join(reserved)}"
        )


async def package_of(ctx: Context, request: Mapping[str, Any]) -> bytes:
    """The deployment package of a request: ``ZipFile``, or an object of S3 that the caller may read.

    Raises InvalidParameterValueException, NotBuilt (images).
    """
    package = request.get("ZipFile")
    if not package and request.get("S3Bucket"):
        package = await _from_s3(ctx, request)
    if package:
        code.check_package(package)
        return bytes(package)
    if request.get("ImageUri"):
        raise NotBuilt("Functions as container images are not built.", why="not built: code from an image")
    raise InvalidParameterValueException("Please provide a source for function code.")


async def _from_s3(ctx: Context, request: Mapping[str, Any]) -> bytes:
    version = {"VersionId": request["S3ObjectVersion"]} if request.get("S3ObjectVersion") else {}
    asked = {"Bucket": request["S3Bucket"], "Key": request["S3Key"], **version}
    try:
        answer = await ctx.services.s3.get_object(asked)
    except AwsError as error:
        raise InvalidParameterValueException(
            f"Error occurred while GetObject. S3 Error Code: {error.code}. S3 Error Message: {error.message}"
        ) from error
    return b"".join([part.path.read_bytes()[part.offset :][: part.length] for part in answer["Body"]])


def check_revision(function: Function, revision: str | None) -> None:
    """Refuse a change that was meant for another revision."""
    if revision is not None and revision != function.revision:
        raise PreconditionFailedException()


def updated(context: Context, function: Function, request: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration with what ``request`` changes, under a new revision."""
    settings = {name: request[name] for name in _SETTABLE if name in request}
    kept = {**function.configuration, **settings}
    if "Environment" not in request:
        kept["Environment"] = {"Variables": functions.environment_variables(function)}
    else:
        kept["Environment"] = request["Environment"]
    if "Layers" in request:
        kept["Layers"] = layers.chosen(context.account, request["Layers"])
    return functions.configuration(context.account, function.name, context.ids.uuid(), kept)


def put(tx: Transaction, configuration: Mapping[str, Any], package: bytes | None) -> None:
    """Write a function's row; without a package it keeps the code that it has."""
    digest = packages.put(tx, package) if package is not None else None
    tx.execute(
        "INSERT INTO lambda_function VALUES (?, ?, ?) "
        "ON CONFLICT (function_name) DO UPDATE SET configuration = excluded.configuration, "
        "code_sha256 = coalesce(excluded.code_sha256, code_sha256)",
        (configuration["FunctionName"], json.dumps(configuration), digest),
    )
    packages.drop_unused(tx)


def described(context: Context, function: Function) -> dict[str, Any]:
    """The configuration of a function with the size and digest of its code."""
    if function.code_sha256 is None:
        return {**function.configuration, **code.describe_folder(function.folder)}
    package = packages.get(context.account, function.code_sha256)
    return {**function.configuration, **(code.describe_package(package) if package is not None else {})}
