"""Composite sort keys of indexes: written beside their fields whenever a mutation touches one of them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from habitr_emulator.amplify.auth.identity import Check
from habitr_emulator.amplify.resolvers.documents import joined
from habitr_emulator.services.appsync.spec import ResolverContext, ResolverError

#: Adds joined attributes to an item's values.
Writer = Callable[[dict[str, Any]], None]

_PARTICIPLE = {"create": "creating", "update": "updating"}


def index_check(verb: str, name: str, sort: Sequence[str], directive: str = "index") -> Check:
    """Refuse an input that has some fields of an index's composite sort key, but not all. Defaults count."""
    parts = tuple(sort)

    def check(ctx: ResolverContext) -> None:
        given = _given(ctx)
        missing = [part for part in parts if part not in given]
        if missing and len(missing) < len(parts):
            raise ResolverError(
                f"When {_PARTICIPLE[verb]} any part of the composite sort key for @{directive} '{name}', you must "
                f"provide all fields for the key. Missing key: '{missing[0]}'."
            )

    return check


def _given(ctx: ResolverContext) -> Mapping[str, Any]:
    return {**ctx.stash.get("defaultValues", {}), **ctx.arguments["input"]}


def attribute_writer(composites: Sequence[Sequence[str]]) -> Writer:
    """Adds the joined attribute of every composite sort key whose fields are all there."""
    known = [("#".join(sort), tuple(sort)) for sort in composites]

    def write(values: dict[str, Any]) -> None:
        for attribute, sort in known:
            if all(name in values for name in sort):
                values[attribute] = joined(values, sort)

    return write
