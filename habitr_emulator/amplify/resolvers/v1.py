"""What version 1's generated operations do otherwise than version 2's."""

from collections.abc import Sequence
from typing import Any

from habitr_emulator.amplify.auth.identity import Check
from habitr_emulator.amplify.resolvers.documents import CONDITIONS, expression_of
from habitr_emulator.amplify.resolvers.key_conditions import check_list_arguments, invalid, sort_argument
from habitr_emulator.services.appsync.spec import Native, ResolverContext, ResolverError
from habitr_emulator.wire.appsync_filter import attribute_value


def condition_check(ctx: ResolverContext) -> None:
    """An empty condition is not left out: it makes an expression that DynamoDB refuses."""
    given = ctx.arguments.get("condition")
    if given is not None and not expression_of(given)["expression"]:
        ctx.stash.setdefault(CONDITIONS, []).append(("", {}, {}))


def with_filter(request: Native) -> Native:
    """An empty filter is not left out: DynamoDB refuses it."""

    def make(ctx: ResolverContext) -> Any:
        document = request(ctx)
        if ctx.arguments.get("filter") is not None and "filter" not in document:
            document["filter"] = {"expression": ""}
        return document

    return make


def index_request(request: Native, hashed: str) -> Native:
    """Without the hash the query says nothing, and DynamoDB refuses it."""

    def make(ctx: ResolverContext) -> Any:
        document = request(ctx)
        return document if ctx.arguments.get(hashed) is not None else {**document, "query": {}}

    return make


def forget_nulls(names: Sequence[str]) -> Check:
    """Null ids and timestamps in the input are filled in like missing ones."""

    def run(ctx: ResolverContext) -> None:
        given = ctx.arguments["input"]
        ctx.arguments["input"] = {
            name: value for name, value in given.items() if value is not None or name not in names
        }

    return run


def required_check(names: frozenset[str]) -> Check:
    """Refuse to remove a required field."""

    def check(ctx: ResolverContext) -> None:
        if any(value is None and name in names for name, value in ctx.arguments["input"].items()):
            raise ResolverError(
                "An argument you marked as Non-Null is set to Null in the query or the body of your request."
            )

    return check


def index_check(hashed: str, sort: Sequence[str]) -> Check:
    """Refuse a sort key without the hash, which the schema does not demand."""

    def check(ctx: ResolverContext) -> None:
        if not sort:
            check_list_arguments(ctx.arguments, hashed, sort)
        if ctx.arguments.get(hashed) is not None:
            return
        name = sort_argument(sort) if sort else ""
        if name and ctx.arguments.get(name) is not None:
            raise invalid(
                f"When providing argument '{name}' you must also provide '{hashed}'."
                if len(sort) > 1
                else f"When providing argument '{name}' you must also provide arguments {hashed}"
            )

    return check


def first_version(field: str) -> Check:
    """A new item is of version 1, whatever the input says."""

    def run(ctx: ResolverContext) -> None:
        ctx.arguments["input"].pop(field, None)
        ctx.stash["defaultValues"][field] = 1

    return run


def expected_version(field: str, given_as: str, *, counts: bool) -> Check:
    """The stored version must be the expected one; an update ``counts`` one up."""

    def run(ctx: ResolverContext) -> None:
        given = dict(ctx.arguments["input"])
        expected = given.pop(given_as)
        if counts:
            given[field] = expected + 1
        ctx.arguments["input"] = given
        wanted = (
            "#version = :expectedVersion",
            {"#version": field},
            {":expectedVersion": attribute_value(expected)},
        )
        ctx.stash.setdefault(CONDITIONS, []).append(wanted)

    return run
