"""The emulator's settings: one frozen dataclass; file < environment < flag."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

FILE = "habitr.toml"
PREFIX = "HABITR_"
_FILE_ONLY = ("administrator_keys", "oidc_keys")


class SettingsError(Exception):
    """A setting has a value that it cannot have; the message names it and where it came from."""


@dataclass(frozen=True)
class Settings:
    """How an emulator runs. Every field is a flag of ``up`` and a variable ``HABITR_<NAME>``."""

    #: The Amplify project: the folder that holds ``amplify/``. None is the built-in Habitr backend.
    project: Path | None = None
    #: The one port; 0 picks a free one.
    port: int = 4566
    #: A further port that speaks TLS only (443 for clients that drop the port).
    tls_port: int | None = None
    #: The address to listen on; ``localhost`` is 127.0.0.1 and ::1.
    host: str = "localhost"
    #: Where state lives; None is ``.habitr`` beside the project.
    data_dir: Path | None = None
    #: Keep nothing: state in a temporary folder, removed at the end.
    memory: bool = False
    #: Begin a new state with the project's seed: ``seed/*.yaml`` beside ``amplify/``, or Habitr's own.
    seed: bool = True
    #: Sync every commit to disk, so that it also survives a power cut.
    durable: bool = False
    #: ``warn`` lets a refused call through and logs it.
    auth: Literal["strict", "warn"] = "strict"
    #: Who the tokens name as issuer: AWS's own address, or the endpoint.
    issuer: Literal["aws", "local"] = "aws"
    #: What new buckets begin with: ACLs off and public access blocked as today, or both open as before April 2023.
    s3_bucket_defaults: Literal["current", "legacy"] = "current"
    #: The region that the emulator plays.
    region: str = "us-east-1"
    #: The account that the emulator plays, twelve digits.
    account_id: str = "000000000000"
    #: Amplify's environment name; None takes the project's.
    environment: str | None = None
    #: Administrator keys: access key id to secret (file only).
    administrator_keys: Mapping[str, str] = field(default_factory=lambda: {"test": "test"})
    #: Take over changes of the project's files while running.
    watch: bool = False
    #: Let ``watch`` replace a table whose primary key changes, with all its items.
    allow_destructive_graphql_schema_updates: bool = False
    #: Outside OpenID Connect issuers that APIs trust: issuer to a file with its keys, a JWKS (file only).
    oidc_keys: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def resolve(flags: Mapping[str, Any], environment: Mapping[str, str], folder: Path) -> Settings:
    """Settings from ``habitr.toml`` beside the project (or in ``folder``), the environment, and flags.

    ``flags`` holds only those that were given. Raises SettingsError.
    """
    project = flags.get("project") or environment.get(PREFIX + "PROJECT")
    found = _from_file((Path(project) if project else folder) / FILE)
    for each in fields(Settings):
        text = environment.get(PREFIX + each.name.upper())
        if text is not None and each.name not in _FILE_ONLY:
            found[each.name] = _convert(each.name, text, f"the variable {PREFIX}{each.name.upper()}")
    for name, value in flags.items():
        found[name] = _convert(name, value, f"the flag --{name.replace('_', '-')}")
    if found.get("memory") and found.get("data_dir"):
        raise SettingsError("memory keeps nothing and data_dir keeps everything: choose one of them")
    return Settings(**found)


def _from_file(path: Path) -> dict[str, Any]:
    import tomllib

    if not path.is_file():
        return {}
    try:
        content = tomllib.loads(path.read_text())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from None
    known = {each.name for each in fields(Settings)}
    for name in content:
        if name not in known:
            raise SettingsError(f"{path}: there is no setting of this name: {name}")
    found = {name: _convert(name, value, str(path)) for name, value in content.items()}
    if "administrator_keys" in found:
        found["administrator_keys"] = {"test": "test", **found["administrator_keys"]}
    return found


def _convert(name: str, value: Any, origin: str) -> Any:
    convert = _CONVERTERS.get(name)
    try:
        return convert(value) if convert else value
    except (TypeError, ValueError, LookupError):
        raise SettingsError(f"{name} from {origin} cannot be: {value}") from None


def _port(value: Any) -> int | None:
    if value is None:
        return None
    port = int(value)
    if not 0 <= port <= 65_535:
        raise ValueError(port)
    return port


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}[
        str(value).lower()
    ]


def _one_of(*choices: str) -> Any:
    def choose(value: Any) -> str:
        if value not in choices:
            raise ValueError(value)
        return str(value)

    return choose


def _account_id(value: Any) -> str:
    text = str(value)
    if len(text) != 12 or not text.isdigit():
        raise ValueError(text)
    return text


def _key_set(file: Any) -> Mapping[str, Any]:
    """The JWKS in a file; raises ValueError."""
    import json

    try:
        found = json.loads(Path(str(file)).read_text())
    except OSError as error:
        raise ValueError(file) from error
    if not isinstance(found, dict) or not isinstance(found.get("keys"), list):
        raise ValueError(file)
    return found


_CONVERTERS = {
    "project": lambda value: Path(value).resolve() if value else None,
    "data_dir": lambda value: Path(value).resolve() if value else None,
    "port": _port,
    "tls_port": _port,
    "memory": lambda value: _boolean(value),
    "seed": lambda value: _boolean(value),
    "durable": lambda value: _boolean(value),
    "watch": lambda value: _boolean(value),
    "allow_destructive_graphql_schema_updates": lambda value: _boolean(value),
    "auth": _one_of("strict", "warn"),
    "issuer": _one_of("aws", "local"),
    "s3_bucket_defaults": _one_of("current", "legacy"),
    "account_id": _account_id,
    "oidc_keys": lambda value: {str(issuer).rstrip("/"): _key_set(file) for issuer, file in dict(value).items()},
    "administrator_keys": lambda value: {str(key): str(secret) for key, secret in dict(value).items()},
}
