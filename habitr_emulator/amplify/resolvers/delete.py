"""``delete<Type>``: delete an item that is there; returns what it was."""

from collections.abc import Container
from typing import Any

from habitr_emulator.amplify.auth.identity import Check
from habitr_emulator.amplify.resolvers.documents import (
    VERSION,
    KeyMaker,
    condition,
    pass_errors,
    with_condition,
)
from habitr_emulator.services.appsync.spec import EarlyReturn, Native, ResolverContext


def request(key: KeyMaker, key_attributes: tuple[str, ...]) -> Native:
    """The DeleteItem document."""
    fixed = condition(key_attributes, "attribute_exists")

    def make(ctx: ResolverContext) -> Any:
        return {
            "version": VERSION,
            "operation": "DeleteItem",
            "key": key(ctx.arguments["input"]),
            "condition": with_condition(fixed, ctx),
        }

    return make


def read_stored(key: KeyMaker, decided: Container[str] = ()) -> Native:
    """The GetItem document by which updates and deletes learn whose item it is; in the modes ``decided`` it
    does not matter.
    """

    def make(ctx: ResolverContext) -> Any:
        if ctx.auth_type in decided:
            raise EarlyReturn({})
        return {"version": VERSION, "operation": "GetItem", "key": key(ctx.arguments["input"])}

    return make


def judge_stored(check: Check) -> Native:
    """The response of ``read_stored``: check the stored item."""

    def judge(ctx: ResolverContext) -> Any:
        pass_errors(ctx)
        check(ctx)
        return {}

    return judge
