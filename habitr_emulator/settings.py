"""The emulator's settings: one frozen dataclass; file < environment < flag."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal


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
    #: Sync every commit to disk, so that it also survives a power cut.
    durable: bool = False
    #: ``warn`` lets a refused call through and logs it.
    auth: Literal["strict", "warn"] = "strict"
    #: Who the tokens name as issuer: AWS's own address, or the endpoint.
    issuer: Literal["aws", "local"] = "aws"
    region: str = "us-east-1"
    account_id: str = "000000000000"
    #: Amplify's environment name; None takes the project's.
    environment: str | None = None
    #: Administrator keys: access key id to secret.
    administrator_keys: Mapping[str, str] = field(default_factory=lambda: {"test": "test"})
