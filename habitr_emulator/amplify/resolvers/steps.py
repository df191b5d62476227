"""A generated resolver as steps in slots, folded into as few AppSync functions as its data source calls need.

Slots and their order are Amplify's, so that a project's own ``resolvers/<Type>.<field>.<slot>.<n>.req.vtl`` files
find their place. https://docs.amplify.aws/gen1/javascript/build-a-backend/graphqlapi/custom-business-logic/
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from habitr_emulator.amplify.auth.identity import Check
from habitr_emulator.services.appsync.spec import Function, Native, Resolver, ResolverContext, Template

QUERY_SLOTS = ("init", "preAuth", "auth", "postAuth", "preDataLoad", "data", "postDataLoad", "finish")
MUTATION_SLOTS = ("init", "preAuth", "auth", "postAuth", "preUpdate", "data", "postUpdate", "finish")
SUBSCRIPTION_SLOTS = ("init", "preAuth", "auth", "postAuth", "preSubscribe", "data")


@dataclass(frozen=True, slots=True)
class Step:
    """A check (no data source: ``check`` runs) or a call (``request`` makes its document)."""

    slot: str
    check: Check | None = None
    data_source: str | None = None
    request: Template | None = None
    response: Template | None = None


@dataclass(frozen=True, slots=True)
class UserTemplates:
    """A project's own templates of one field: functions by slot, and a replacement of the data templates."""

    slots: Mapping[str, Sequence[Function]] = field(default_factory=dict)
    request: Template | None = None
    response: Template | None = None


def assemble(
    name: str,
    steps: Sequence[Step],
    user: UserTemplates | None = None,
    slots: Sequence[str] = QUERY_SLOTS,
    stash: Mapping[str, Any] | None = None,
) -> Resolver:
    """The resolver of ``steps`` (in slot order). ``stash`` is what user templates find in ``$ctx.stash``."""
    if user is None:
        functions = _folded(name, steps)
        return Resolver("UNIT" if len(functions) == 1 else "PIPELINE", tuple(functions))
    functions = []
    for slot in slots:
        functions += _folded(f"{name}{slot}", [_replaced(step, user) for step in steps if step.slot == slot])
        functions += user.slots.get(slot, ())
    return Resolver("PIPELINE", tuple(functions), before=_stasher(stash or {}), after=_previous)


def _folded(name: str, steps: Sequence[Step]) -> list[Function]:
    """Checks run in the request of the call that follows them; trailing checks get a function of their own."""
    functions: list[Function] = []
    checks: list[Check] = []
    for step in steps:
        if step.check is not None:
            checks.append(step.check)
            continue
        request = _checked(checks, step.request) if callable(step.request) or step.request is None else None
        if request is None:
            functions += _check_function(name, checks)
            request_template: Template | None = step.request
        else:
            request_template = request
        functions.append(Function(f"{name}{len(functions)}", step.data_source, request_template, step.response))
        checks = []
    return functions + _check_function(name, checks)


def _check_function(name: str, checks: Sequence[Check]) -> list[Function]:
    return [Function(f"{name}Check", None, _checked(checks, None))] if checks else []


def _checked(checks: Sequence[Check], request: Native | None) -> Native:
    if len(checks) == 1 and request is not None:
        only = checks[0]

        def checked_once(ctx: ResolverContext) -> Any:
            only(ctx)
            return request(ctx)

        return checked_once
    in_order = tuple(checks)

    def checked(ctx: ResolverContext) -> Any:
        for check in in_order:
            check(ctx)
        return None if request is None else request(ctx)

    return checked


def _replaced(step: Step, user: UserTemplates) -> Step:
    if step.slot != "data" or step.check is not None or not (user.request or user.response):
        return step
    return Step(
        step.slot,
        None,
        step.data_source,
        user.request or step.request,
        user.response or step.response,
    )


def _stasher(stash: Mapping[str, Any]) -> Native:
    def before(ctx: ResolverContext) -> Any:
        ctx.stash.update({"conditions": [], "metadata": {}, "connectionAttributes": {}, "adminRoles": []})
        for key, value in stash.items():
            ctx.stash[key] = dict(value) if isinstance(value, Mapping) else value
        return {}

    return before


def _previous(ctx: ResolverContext) -> Any:
    return ctx.prev_result
