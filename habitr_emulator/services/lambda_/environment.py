"""The environment of a function's process: what Lambda sets, the function's own variables, nothing of ours.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from math import inf

from habitr_emulator.services.context import Account
from habitr_emulator.services.lambda_.functions import Function, environment_variables

#: Lambda does not let a function set these.
RESERVED = frozenset(
    {
        "_HANDLER",
        "_X_AMZN_TRACE_ID",
        "AWS_DEFAULT_REGION",
        "AWS_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_LAMBDA_RUNTIME_API",
        "LAMBDA_TASK_ROOT",
        "LAMBDA_RUNTIME_DIR",
    }
)
#: What a process needs of the machine to find its interpreter.
_INHERITED = ("PATH", "HOME", "SYSTEMROOT")


@dataclass(frozen=True, slots=True)
class Credentials:
    """Keys of the function's role; ``expires`` in seconds by the emulator's clock."""

    access_key_id: str
    secret_access_key: str
    session_token: str = ""
    expires: float = inf


def process_environment(
    account: Account, function: Function, credentials: Credentials, log_stream: str
) -> dict[str, str]:
    """The whole environment of a worker. Values of the project's functions get ``{endpoint}`` filled in."""
    own = {
        name: value.replace("{endpoint}", account.endpoint) if function.deployed else value
        for name, value in environment_variables(function).items()
    }
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    settings = function.configuration
    return {
        **inherited,
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "AWS_ENDPOINT_URL": account.endpoint,
        **own,
        "AWS_REGION": account.region,
        "AWS_DEFAULT_REGION": account.region,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{settings['Runtime']}",
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": function.version,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(settings["MemorySize"]),
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{function.name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": log_stream,
        "LAMBDA_TASK_ROOT": str(function.folder),
        "_HANDLER": str(settings["Handler"]),
        **_keys(credentials),
    }


def _keys(credentials: Credentials) -> Mapping[str, str]:
    keys = {
        "AWS_ACCESS_KEY_ID": credentials.access_key_id,
        "AWS_SECRET_ACCESS_KEY": credentials.secret_access_key,
    }
    return {**keys, "AWS_SESSION_TOKEN": credentials.session_token} if credentials.session_token else keys
