"""Reads are checked after: a single item is refused, a page loses the items that the caller may not see."""

from typing import Any

from habitr_emulator.amplify.auth.identity import Check
from habitr_emulator.amplify.auth.redaction import OPERATION
from habitr_emulator.amplify.auth.v1.judge import Judges, owner_value
from habitr_emulator.services.appsync.spec import Native, ResolverContext, Unauthorized


def single(judges: Judges, response: Native) -> Native:
    """The response of ``get`` and of to-one connections; what is not there is null for everybody, even because
    reading it failed.
    """

    def checked(ctx: ResolverContext) -> Any:
        if not ctx.result:
            return None
        found, judge = response(ctx), judges.get(ctx.auth_type)
        if found is not None and judge is not None and not judge.knows_group(ctx) and not judge.owns(found, ctx):
            raise judge.refusal()
        return found

    return checked if judges else response


def unheard(response: Native) -> Native:
    """The response of a guarded connection: null in what a mutation returns, since subscribers see it too."""

    def hidden(ctx: ResolverContext) -> Any:
        found = response(ctx)
        return None if (ctx.source or {}).get(OPERATION) == "Mutation" else found

    return hidden


def page(judges: Judges, response: Native) -> Native:
    """The response of lists, index queries, searches and to-many connections: nobody is refused."""

    def filtered(ctx: ResolverContext) -> Any:
        found, judge = response(ctx), judges.get(ctx.auth_type)
        if found is None or judge is None or judge.knows_group(ctx):
            return found
        items = [item for item in found.get("items") or () if item is not None and judge.owns(item, ctx)]
        return {**found, "items": items}

    return filtered if judges else response


def field_check(judges: Judges) -> Check:
    """Whether the caller may see a field, judged by the object that holds it."""

    def check(ctx: ResolverContext) -> None:
        judge = judges.get(ctx.auth_type)
        if judge is not None and not judge.knows_group(ctx) and not judge.owns(ctx.source or {}, ctx):
            raise judge.refusal()

    return check


def static_check(judges: Judges) -> Check:
    """For fields outside models, which have no item to look at: only static groups count."""

    def check(ctx: ResolverContext) -> None:
        judge = judges.get(ctx.auth_type)
        if judge is not None and judge.static and not judge.knows_group(ctx):
            raise judge.refusal()

    return check


def subscription_check(judges: Judges) -> Check:
    """A subscriber names himself by an owner argument or is in a static group; groups in items do not count."""

    def check(ctx: ResolverContext) -> None:
        judge = judges.get(ctx.auth_type)
        if judge is None or not (judge.static or judge.owners) or judge.knows_group(ctx):
            return
        if not any(ctx.arguments.get(rule.field) == owner_value(rule, ctx) for rule in judge.owners):
            raise Unauthorized(why=judge.why)

    return check
