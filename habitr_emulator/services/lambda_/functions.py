"""The functions that exist: the project's, held in memory, and what API calls made or changed, in the store.

A function is its ``configuration``, as GetFunctionConfiguration answers it, and the folder of its code. A row of
the store wins over the project's function of the same name until the project is deployed again: so a reset of the
store undoes what calls did to it. A row whose configuration is ``null`` says that the function was deleted.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from habitr_emulator.kernel.clock import iso8601
from habitr_emulator.services.context import Account, Context
from habitr_emulator.services.lambda_.errors import function_not_found

DELETED = "null"
LATEST = "$LATEST"
DEFAULT_TIMEOUT, DEFAULT_MEMORY = 3, 128
_REFERENCE = re.compile(
    r"(?:arn:aws[a-zA-Z-]*:lambda:(?P<region>[^:]+):)?(?:(?P<account>\d{12}):)?(?:function:)?"
    r"(?P<name>[a-zA-Z0-9_-]+)(?::(?P<qualifier>\$LATEST|[a-zA-Z0-9_-]+))?"
)


@dataclass(frozen=True, slots=True)
class Function:
    """A function that can be invoked. ``deployed``: it stands in the project, so ``{endpoint}`` is filled in.

    ``layers`` are the roots of the project's own layers (those of the API stand in the configuration),
    ``schedules`` the expressions of the project's rules.
    """

    configuration: Mapping[str, Any]
    folder: Path
    deployed: bool
    code_sha256: str | None = None
    layers: Sequence[Path] = ()
    schedules: Sequence[str] = ()

    @property
    def name(self) -> str:
        """The function's name."""
        return str(self.configuration["FunctionName"])

    @property
    def arn(self) -> str:
        """The function's ARN, without a qualifier."""
        return str(self.configuration["FunctionArn"])

    @property
    def version(self) -> str:
        """``$LATEST`` or the number of a published version."""
        return str(self.configuration["Version"])

    @property
    def revision(self) -> str:
        """Changes whenever code or configuration were changed by a call or a deployment."""
        return str(self.configuration["RevisionId"])


class Deployed:
    """The project's functions by name."""

    def __init__(self, account: Account) -> None:
        self.functions: dict[str, Function] = {}


def arn(account: Account, name: str) -> str:
    """The ARN of a function's name."""
    return account.arn("lambda", f"function:{name}")


def name_of(reference: str) -> str:
    """The name in a name, a partial or a full ARN."""
    match = _REFERENCE.fullmatch(reference)
    return match["name"] if match else reference


def arn_of(request: Mapping[str, Any], context: Context) -> str:
    """The ARN that a request's FunctionName means, for policies."""
    return arn(context.account, name_of(request["FunctionName"]))


def get(account: Account, name: str) -> Function | None:
    """The function of a name, or None."""
    deployed = account.part(Deployed).functions.get(name)
    row = account.store.one(
        "SELECT configuration, code_sha256 FROM lambda_function WHERE function_name = ?", (name,)
    )
    if row is None or row["configuration"] == DELETED:
        return deployed if row is None else None
    if row["code_sha256"] is None:
        return replace(deployed, configuration=json.loads(row["configuration"])) if deployed else None
    folder = code_folder(account, row["code_sha256"])
    return Function(json.loads(row["configuration"]), folder, False, row["code_sha256"])


def code_folder(account: Account, code_sha256: str) -> Path:
    """Where the code of a function made by an API call is unpacked: named by its digest, never by its name."""
    return account.store.folder / "lambda" / code_sha256


def qualifier_of(reference: str) -> str | None:
    """The version or alias that a reference names behind the function."""
    match = _REFERENCE.fullmatch(reference)
    return match["qualifier"] if match else None


def require(account: Account, reference: str) -> Function:
    """The function itself ($LATEST) that a reference means; raises ResourceNotFoundException."""
    match = _REFERENCE.fullmatch(reference)
    name = match["name"] if match else reference
    here = match and match["region"] in (None, account.region) and match["account"] in (None, account.account_id)
    found = get(account, name) if here else None
    if found is None:
        raise function_not_found(arn(account, name), why=f"no function has this name: {name}")
    return found


def names(account: Account) -> list[str]:
    """Every function's name, sorted."""
    rows = account.store.all("SELECT function_name FROM lambda_function")
    known = {row["function_name"] for row in rows} | set(account.part(Deployed).functions)
    return sorted(name for name in known if get(account, name) is not None)


def configuration(account: Account, name: str, revision: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """What GetFunctionConfiguration answers for CreateFunction's ``settings`` (code size and digest apart).

    ``Layers`` are those of ``layers.chosen``.

    https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html
    """
    made = {
        "FunctionName": name,
        "FunctionArn": arn(account, name),
        "Runtime": settings["Runtime"],
        "Role": settings.get("Role", ""),
        "Handler": settings["Handler"],
        "Description": settings.get("Description", ""),
        "Timeout": settings.get("Timeout", DEFAULT_TIMEOUT),
        "MemorySize": settings.get("MemorySize", DEFAULT_MEMORY),
        "LastModified": f"{iso8601(account.clock.now())[:-1]}+0000",
        "Version": LATEST,
        "TracingConfig": settings.get("TracingConfig", {"Mode": "PassThrough"}),
        "RevisionId": revision,
        "State": "Active",
        "LastUpdateStatus": "Successful",
        "PackageType": "Zip",
        "Architectures": settings.get("Architectures", ["x86_64"]),
        "EphemeralStorage": settings.get("EphemeralStorage", {"Size": 512}),
    }
    if settings.get("Layers"):
        made["Layers"] = list(settings["Layers"])
    variables = (settings.get("Environment") or {}).get("Variables")
    return {**made, "Environment": {"Variables": dict(variables)}} if variables else made


def environment_variables(function: Function) -> Mapping[str, str]:
    """The function's own variables, as they were given."""
    variables: Mapping[str, str] = function.configuration.get("Environment", {}).get("Variables", {})
    return variables
