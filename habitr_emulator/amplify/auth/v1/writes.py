"""Creates are checked before, by the input; updates and deletes become conditions on the stored item."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from habitr_emulator.amplify.auth.identity import Check
from habitr_emulator.amplify.auth.v1.judge import Judges, Verdict, caller_groups, owner_value
from habitr_emulator.services.appsync.spec import ResolverContext
from habitr_emulator.wire.appsync_filter import attribute_value

#: Fields with rules of their own, and their judges.
FieldJudges = Mapping[str, Judges]
#: A ready condition: expression, names, values.
Condition = tuple[str, dict[str, str], dict[str, Any]]


def create_check(own: Judges, fields: FieldJudges, lists: Container[str]) -> Check:
    """First every guarded field of the input, then the input as a whole. An owner field that the input leaves out
    becomes the caller (also for callers whom a group already authorizes); ``lists`` are fields that hold lists.
    As in the generated template, what a check found counts for later ones that have no rules of that kind.
    """

    def check(ctx: ResolverContext) -> None:
        filled = ctx.stash.get("defaultValues", {})
        known = Verdict()
        for name, judges in reversed(list(fields.items())):  # each template stands before those that were there
            if name in ctx.arguments["input"] or name in filled:
                known = _check_input(judges, ctx, lists, known)
        _check_input(own, ctx, lists, known)

    return check


def _check_input(judges: Judges, ctx: ResolverContext, lists: Container[str], known: Verdict) -> Verdict:
    judge = judges.get(ctx.auth_type)
    if judge is None:
        return known
    given = ctx.arguments["input"]
    authorized = judge.knows_group(ctx)
    for rule in judge.owners:
        if rule.field not in given:
            value = owner_value(rule, ctx)
            given[rule.field] = [value] if rule.field in lists else value
    found = judge.verdict(given, ctx, known)
    if not authorized and not found.accepted:
        raise judge.refusal()
    return found


def condition_check(own: Judges, updated: FieldJudges, removed: FieldJudges, lists: Container[str]) -> Check:
    """Before an update (or a delete, which has no fields): leaves conditions for the write in the stash.

    ``updated`` judges the fields that the input holds, ``removed`` those that it sets to null as well. As in the
    generated template the last field comes first and the item last, and tests that one made count for later ones
    that have no rules of that kind.
    """
    fields = tuple(reversed(dict.fromkeys((*updated, *removed))))

    def check(ctx: ResolverContext) -> None:
        given = ctx.arguments["input"]
        found: list[Condition] = []
        tests = _Tests()
        for name in fields:
            if name in given and given[name] is None:
                _add_condition(removed.get(name, {}), ctx, found, lists, tests)
            if name in given:
                _add_condition(updated.get(name, {}), ctx, found, lists, tests)
        _add_condition(own, ctx, found, lists, tests)
        ctx.stash.setdefault("authConditions", []).extend(found)

    return check


@dataclass(slots=True)
class _Tests:
    """A field and the value that it must hold, of the rules seen last."""

    groups: list[tuple[str, Any]] = field(default_factory=list)
    owners: list[tuple[str, Any]] = field(default_factory=list)


def _add_condition(
    judges: Judges, ctx: ResolverContext, found: list[Condition], lists: Container[str], tests: _Tests
) -> None:
    judge = judges.get(ctx.auth_type)
    if judge is None or judge.knows_group(ctx):
        return
    if judge.dynamic:
        tests.groups = [(rule.field, group) for rule in judge.dynamic for group in caller_groups(rule, ctx)]
    if judge.owners:
        tests.owners = [(rule.field, owner_value(rule, ctx)) for rule in judge.owners]
    wanted = [*tests.groups, *tests.owners]
    if not wanted:
        raise judge.refusal()
    found.append(_any_of(wanted, f"auth{len(found)}", lists))


def _any_of(wanted: Sequence[tuple[str, Any]], stem: str, lists: Container[str]) -> Condition:
    names: dict[str, str] = {}
    values: dict[str, Any] = {}
    tests = []
    for place, (attribute, value) in enumerate(wanted):
        name, operand = f"#{stem}_{place}", f":{stem}_{place}"
        names[name], values[operand] = attribute, attribute_value(value)
        tests.append(f"contains({name}, {operand})" if attribute in lists else f"{name} = {operand}")
    return f"({' OR '.join(tests)})", names, values
