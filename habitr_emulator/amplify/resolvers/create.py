"""``create<Type>``: put an item that is not there yet."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from habitr_emulator.amplify.auth.identity import Check
from habitr_emulator.amplify.resolvers.documents import VERSION, KeyMaker, condition, with_condition
from habitr_emulator.services.appsync.spec import Native, ResolverContext
from habitr_emulator.wire.attribute_value import Item


@dataclass(frozen=True, slots=True)
class CreateShape:
    """What a create needs to know of its model: ``stamps`` are filled with the time, ``has_id`` with a new id;
    ``index_fields``, the hash fields of indexes, are dropped when null, since DynamoDB takes no null keys (Amplify
    forgets sort fields); ``defaults`` come from ``@default``.
    """

    type_name: str
    key: KeyMaker
    key_attributes: tuple[str, ...]
    has_id: bool
    stamps: tuple[str, ...]
    index_fields: frozenset[str]
    defaults: Mapping[str, Any]
    write_composites: Callable[[dict[str, Any]], None]


def init(shape: CreateShape) -> Check:
    """``stash.defaultValues``, and the defaults of fields that the input leaves out or null."""

    def run(ctx: ResolverContext) -> None:
        given = ctx.arguments["input"] = dict(ctx.arguments["input"])
        for name, value in shape.defaults.items():
            if given.get(name) is None:
                given[name] = value
        values: dict[str, Any] = {}
        if shape.has_id:
            values["id"] = given.get("id") or ctx.new_id()
        if shape.stamps:
            now = ctx.now_iso()
            for name in shape.stamps:
                values[name] = now
        ctx.stash["defaultValues"] = values

    return run


def request(shape: CreateShape) -> Native:
    """The PutItem document."""
    fixed = condition(shape.key_attributes, "attribute_not_exists")

    def make(ctx: ResolverContext) -> Any:
        values = {**ctx.stash["defaultValues"], **ctx.arguments["input"], "__typename": shape.type_name}
        for name in shape.index_fields:
            if name in values and values[name] is None:
                del values[name]
        shape.write_composites(values)
        return {
            "version": VERSION,
            "operation": "PutItem",
            "key": shape.key(values),
            "attributeValues": Item.from_plain(values),
            "condition": with_condition(fixed, ctx),
        }

    return make
