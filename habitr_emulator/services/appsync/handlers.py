"""What resolvers and functions are given to work with: templates or code, and settings that go with them.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_CreateResolver.html
"""

from collections.abc import Mapping
from typing import Any

from habitr_emulator.kernel.errors import NotBuilt
from habitr_emulator.services.appsync.apis import DeployedApi
from habitr_emulator.services.appsync.errors import BadRequestException
from habitr_emulator.services.appsync.resources import DATA_SOURCE

_KEPT = (
    "dataSourceName",
    "requestMappingTemplate",
    "responseMappingTemplate",
    "syncConfig",
    "maxBatchSize",
    "runtime",
    "code",
    "metricsConfig",
)


def handlers(request: Mapping[str, Any], api: DeployedApi) -> dict[str, Any]:
    """The part of a Resolver or a FunctionConfiguration that both have.

    Raises BadRequestException, NotFoundException for an unknown data source, NotBuilt for what is not there.
    """
    _refuse_unbuilt(request)
    source = request.get("dataSourceName")
    if source is not None:
        api.one(DATA_SOURCE, source, f"No data source found named {source}")
    runtime, code = request.get("runtime"), request.get("code")
    templates = request.get("requestMappingTemplate"), request.get("responseMappingTemplate")
    # guess: the wording of these refusals
    if (code is None) != (runtime is None):
        raise BadRequestException("Both the code and the runtime must be specified.")
    if code is not None and any(templates):
        raise BadRequestException("Mapping templates and code cannot be specified together.")
    if runtime is not None and runtime.get("runtimeVersion") != "1.0.0":
        raise BadRequestException(f"Unsupported runtime version {runtime.get('runtimeVersion')}.")
    if code is not None:
        from habitr_emulator.services.appsync.javascript.code import check

        check(code)
    return {name: request[name] for name in _KEPT if request.get(name) is not None}


def _refuse_unbuilt(request: Mapping[str, Any]) -> None:
    if request.get("cachingConfig"):
        raise NotBuilt("Caching is not built in habitr-emulator.", why="cachingConfig needs an API cache")
    if (request.get("syncConfig") or {}).get("conflictDetection", "NONE") != "NONE":
        raise NotBuilt(
            "Conflict detection is only built for DataStore's models in a project.",
            why="syncConfig with conflictDetection VERSION is not built for resolvers that calls make",
        )


def needs_request(told: Mapping[str, Any], api: DeployedApi) -> None:
    """Only a Lambda function can do without a request template (a direct Lambda resolver)."""
    if "code" in told or "requestMappingTemplate" in told:
        return
    source = api.every(DATA_SOURCE)[told["dataSourceName"]]
    if source["type"] != "AWS_LAMBDA":
        # guess: the service's wording
        raise BadRequestException("Request mapping template is required for this data source.")
