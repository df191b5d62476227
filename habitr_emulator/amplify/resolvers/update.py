"""``update<Type>``: set the fields that the input has, remove those that it has as null."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from habitr_emulator.amplify.auth.identity import Check
from habitr_emulator.amplify.resolvers.documents import VERSION, KeyMaker, condition, with_condition
from habitr_emulator.services.appsync.spec import Native, ResolverContext
from habitr_emulator.wire.attribute_value import to_typed


@dataclass(frozen=True, slots=True)
class UpdateShape:
    """What an update needs to know: ``stamp`` names the field of the last change ("" for none)."""

    key: KeyMaker
    key_attributes: tuple[str, ...]
    key_fields: frozenset[str]
    stamp: str
    write_composites: Callable[[dict[str, Any]], None]


def init(shape: UpdateShape) -> Check:
    """``stash.defaultValues``: the time of the change."""

    def run(ctx: ResolverContext) -> None:
        ctx.stash["defaultValues"] = {shape.stamp: ctx.now_iso()} if shape.stamp else {}

    return run


def request(shape: UpdateShape) -> Native:
    """The UpdateItem document."""
    fixed = condition(shape.key_attributes, "attribute_exists")
    untouched = shape.key_fields | frozenset(shape.key_attributes)

    def make(ctx: ResolverContext) -> Any:
        values = {**ctx.arguments["input"], **_unless_given(ctx)}
        shape.write_composites(values)
        return {
            "version": VERSION,
            "operation": "UpdateItem",
            "key": shape.key(values),
            "update": _expression({name: values[name] for name in values if name not in untouched}),
            "condition": with_condition(fixed, ctx),
        }

    return make


def _unless_given(ctx: ResolverContext) -> dict[str, Any]:
    given = ctx.arguments["input"]
    return {name: value for name, value in ctx.stash["defaultValues"].items() if name not in given}


def _expression(values: Mapping[str, Any]) -> dict[str, Any]:
    names = {f"#{place}": name for place, name in enumerate(values)}
    places = {name: place for place, name in names.items()}
    found = {f":{places[name][1:]}": to_typed(value) for name, value in values.items() if value is not None}
    sets = [f"{place} = :{place[1:]}" for place, name in names.items() if values[name] is not None]
    removes = [place for place, name in names.items() if values[name] is None]
    parts = [*(["SET " + ", ".join(sets)] if sets else []), *(["REMOVE " + ", ".join(removes)] if removes else [])]
    update: dict[str, Any] = {"expression": " ".join(parts), "expressionNames": names}
    if found:
        update["expressionValues"] = found
    return update
