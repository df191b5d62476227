"""The resolvers of ``@function`` and ``@http`` fields, and of guarded fields outside models."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from habitr_emulator.amplify.auth import grants, redaction
from habitr_emulator.amplify.auth.identity import Check
from habitr_emulator.amplify.resolvers import function as functions
from habitr_emulator.amplify.resolvers import http
from habitr_emulator.amplify.transform.names import upper
from habitr_emulator.amplify.transform.resources import Resources
from habitr_emulator.amplify.transform.schema import CustomFields
from habitr_emulator.amplify.transform.transformation import Transformation
from habitr_emulator.services.appsync.spec import (
    DataSource,
    Function,
    Resolver,
    ResolverContext,
    ResolverError,
)

Place = tuple[str, str]


def resolvers(
    transformation: Transformation, custom: CustomFields, resources: Resources
) -> tuple[dict[Place, Resolver], dict[str, DataSource]]:
    """Resolvers by (type, field) and their data sources by name."""
    found: dict[Place, list[Function]] = {}
    sources: dict[str, DataSource] = {}
    for place, calls in custom.functions.items():
        for call in calls:
            name = call.resolved(resources.environment)
            source = f"{_identifier(name)}LambdaDataSource"
            sources[source] = DataSource(source, "AWS_LAMBDA", {"function_name": name})
            found.setdefault(place, []).append(
                functions.invoke(f"Invoke{upper(source)}", source, event=call.event)
            )
    for place, described in custom.http.items():
        source = f"{_identifier(urlsplit(described.origin).netloc)}HttpDataSource"
        endpoint = described.origin.replace("${env}", resources.environment)
        sources[source] = DataSource(source, "HTTP", {"endpoint": endpoint})
        found.setdefault(place, []).append(http.call(f"Call{''.join(map(upper, place))}", source, described))
    for place in custom.predictions:
        found.setdefault(place, []).append(Function("Predictions", None, _not_built))
    made = dict(_guarded(transformation, resources, found))
    return made, sources


def _guarded(
    transformation: Transformation, resources: Resources, found: dict[Place, list[Function]]
) -> Iterator[tuple[Place, Resolver]]:
    for place in dict.fromkeys((*found, *transformation.fields_access, *transformation.fields_rules)):
        check = _check(transformation, place, resources)
        listed = list(found.get(place, ()))
        if check is not None and not listed:
            native = redaction.guarded_field(place[1], check, heard=False)
            yield place, Resolver("UNIT", (Function(f"{place[0]}{place[1]}AuthFN", None, native),))
            continue
        if check is not None:
            listed.insert(0, Function(f"{place[0]}{place[1]}AuthFN", None, _as_native(check)))
        yield place, Resolver("PIPELINE", tuple(listed), after=_previous)


def _check(transformation: Transformation, place: Place, resources: Resources) -> Check | None:
    """The check of a field with its own rules; rules that depend on an item do not count outside models."""
    owner, name = place
    if transformation.version == 1:
        return _v1_check(transformation, place)
    policy = grants.Policy(owner, resources.iam)
    access = transformation.fields_access.get(place)
    if access is not None:
        return redaction.field_check(policy, name, list(access.roles.values()))
    model = transformation.models.get(owner)
    readers = model.access.field_readers(name) if model and model.access and name in model.access.fields else None
    return None if readers is None else redaction.field_check(policy, name, readers)


def _v1_check(transformation: Transformation, place: Place) -> Check | None:
    from habitr_emulator.amplify.auth.v1 import reads
    from habitr_emulator.amplify.transform.v1.resolvers import field_judges

    found = field_judges(transformation, place)
    if not found:
        return None
    return reads.field_check(found) if place[0] in transformation.models else reads.static_check(found)


def _as_native(check: Check) -> Any:
    def run(ctx: ResolverContext) -> Any:
        check(ctx)
        return {}

    return run


def _previous(ctx: ResolverContext) -> Any:
    return ctx.prev_result


def _not_built(_: ResolverContext) -> Any:
    raise ResolverError(
        "@predictions is not built in habitr-emulator.",
        "NotImplemented",
        why="predictions need Rekognition, Polly and Translate, which the emulator does not have",
    )


def _identifier(name: str) -> str:
    return "".join(part for part in upper(name) if part.isalnum())
