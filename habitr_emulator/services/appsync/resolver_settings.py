"""Resolvers, checked as CreateResolver and UpdateResolver take them.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_CreateResolver.html
"""

from collections.abc import Mapping
from typing import Any

from habitr_emulator.services.appsync.apis import DeployedApi
from habitr_emulator.services.appsync.descriptions import resolver_arn
from habitr_emulator.services.appsync.errors import BadRequestException, NotFoundException
from habitr_emulator.services.appsync.function_settings import absent
from habitr_emulator.services.appsync.handlers import handlers, needs_request
from habitr_emulator.services.appsync.resolvers import MAX_FUNCTIONS
from habitr_emulator.services.appsync.resources import FUNCTION, RESOLVER
from habitr_emulator.services.context import Context


def settings(request: Mapping[str, Any], api: DeployedApi, ctx: Context) -> dict[str, Any]:
    """A Resolver; raises BadRequestException, NotFoundException or NotBuilt."""
    made = handlers(request, api)
    kind = request.get("kind") or "UNIT"
    if kind == "PIPELINE":
        made["pipelineConfig"] = {"functions": _pipeline(request, api)}
    elif "dataSourceName" not in made:
        raise BadRequestException("A unit resolver needs a data source.")  # guess: the service's wording
    else:
        needs_request(made, api)
    at = (request["typeName"], request["fieldName"])
    return {
        "typeName": at[0],
        "fieldName": at[1],
        "resolverArn": resolver_arn(ctx.account, api.api_id, at),
        "kind": kind,
        **made,
    }


def _pipeline(request: Mapping[str, Any], api: DeployedApi) -> list[str]:
    """The ids of a pipeline's functions."""
    ids = list((request.get("pipelineConfig") or {}).get("functions") or ())
    # guess: the wording of these refusals
    if request.get("dataSourceName") is not None:
        raise BadRequestException("A pipeline resolver has no data source of its own.")
    if len(ids) > MAX_FUNCTIONS:
        raise BadRequestException(f"A pipeline resolver has at most {MAX_FUNCTIONS} functions.")
    known = api.every(FUNCTION)
    for id_ in ids:
        if id_ not in known:
            raise NotFoundException(absent(id_))
    return ids


def require_field(api: DeployedApi, type_name: str, field: str) -> str:
    """``Type.field`` of a field that the schema has; raises NotFoundException."""
    named: Any = api.schema.types.type_map.get(type_name) if api.spec.sdl.strip() else None
    if named is None or not hasattr(named, "fields"):
        raise NotFoundException(f"Type {type_name} not found.")  # guess: the service's wording
    if field not in named.fields:
        raise NotFoundException(f"No field named {field} found on type {type_name}")
    return f"{type_name}.{field}"


def users_of(api: DeployedApi, id_: str) -> list[dict[str, Any]]:
    """The resolvers whose pipelines run a function."""
    resolvers = api.every(RESOLVER).values()
    return [told for told in resolvers if id_ in (told.get("pipelineConfig") or {}).get("functions", ())]
