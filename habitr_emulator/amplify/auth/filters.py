"""Reads: who may, and the filter that leaves others' items out.

A static role reads everything. A role that depends on the item becomes a filter in ``stash.authFilter``; if its
field belongs to the key, the argument is compared instead, because DynamoDB cannot filter by key attributes.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from habitr_emulator.amplify.auth import grants
from habitr_emulator.amplify.auth.grants import Owner, Policy
from habitr_emulator.amplify.auth.identity import Check, Claims, OwnerClaim, claims_of, groups
from habitr_emulator.amplify.auth.roles import PROVIDER_OF, Role
from habitr_emulator.services.appsync.spec import ResolverContext, Unauthorized

#: The item-dependent part of a check: (context, claims, filters so far) -> authorized at once?
_Rest = Callable[[ResolverContext, Claims, list[dict[str, Any]]], bool]


def _check(
    policy: Policy, roles: Sequence[Role], operation: str, rest: Callable[[Sequence[Role]], _Rest]
) -> Check:
    refuse = policy.refusal(operation, roles)
    checks = {}
    for mode in PROVIDER_OF:
        of_mode = grants.in_mode(mode, roles)
        if of_mode:
            checks[mode] = _mode_check(policy, of_mode, refuse, rest(of_mode))
    return grants.by_mode(checks, refuse)


def _mode_check(policy: Policy, roles: Sequence[Role], refuse: Callable[[], Unauthorized], rest: _Rest) -> Check:
    static = grants.static_check(policy, roles)
    if static is grants.always:
        return grants.allow

    def check(ctx: ResolverContext) -> None:
        if static is not None and static(ctx):
            return
        filters: list[dict[str, Any]] = []
        if rest(ctx, claims_of(ctx), filters):
            return
        if not filters:
            raise refuse()
        ctx.stash["authFilter"] = {"or": filters}

    return check


@grants.spares_admins
def query_check(
    policy: Policy, roles: Sequence[Role], operation: str, key: Sequence[str], *, index: bool
) -> Check:
    """For ``get``, ``list`` and index queries; ``key`` are the key's attributes, the hash first."""

    def rest(of_mode: Sequence[Role]) -> _Rest:
        filtered = _item_filters([role for role in of_mode if role.entity not in key])
        keyed = [role for role in of_mode if not role.static and role.entity in key]

        def run(ctx: ResolverContext, claims: Claims, filters: list[dict[str, Any]]) -> bool:
            filtered(claims, filters)
            return bool(keyed) and _judge_key(ctx, claims, filters, (keyed, key, index))

        return run

    return _check(policy, roles, operation, rest)


def _item_filters(roles: Sequence[Role]) -> Callable[[Claims, list[dict[str, Any]]], None]:
    owners, group_roles = grants.owners(roles), grants.dynamic_groups(roles)

    def add(claims: Claims, filters: list[dict[str, Any]]) -> None:
        for owner in owners:
            operator = "contains" if owner.role.listed else "eq"
            accepted = owner.claim.accepted(claims) or _known_parts(owner, claims)
            filters.extend({owner.role.entity: {operator: value}} for value in accepted)
        for role in group_roles:
            found = groups(claims, role.claim)
            if role.listed:
                filters.extend({role.entity: {"contains": group}} for group in found if group)
            elif found:
                filters.append({role.entity: {"in": found}})

    return add


def _known_parts(owner: Owner, claims: Claims) -> list[Any]:
    """A compound claim that lacks a part still matches by the parts that it has."""
    values = [OwnerClaim((part,)).accepted(claims) for part in owner.claim.parts] if owner.claim.compound else []
    return [value for found in values for value in found]


def _judge_key(
    ctx: ResolverContext,
    claims: Claims,
    filters: list[dict[str, Any]],
    keyed: tuple[Sequence[Role], Sequence[str], bool],
) -> bool:
    roles, key, index = keyed
    absent: dict[str, list[Any]] = {}
    for role in roles:
        accepted = _accepted(role, claims)
        if not accepted:
            continue
        given = ctx.arguments.get(role.entity)
        if given is None:
            absent[role.entity] = accepted
        elif _argument_matches(given, accepted):
            return True
    if not absent:
        return False
    hash_given = ctx.arguments.get(key[0]) is not None
    if not index and not hash_given:
        filters.extend({entity: {"in": accepted}} for entity, accepted in absent.items())
        return False
    if filters:
        return False
    for entity, accepted in absent.items():
        ctx.arguments[entity] = {"eq": accepted[-1]} if entity != key[0] else accepted[0]
    return True


def _accepted(role: Role, claims: Claims) -> list[Any]:
    if role.strategy == "groups":
        return groups(claims, role.claim)
    return OwnerClaim.parse(role.claim).accepted(claims)


def _argument_matches(given: Any, accepted: list[Any]) -> bool:
    wanted = given.get("eq") if isinstance(given, Mapping) else given
    if isinstance(wanted, list):
        return bool(wanted) and all(value in accepted for value in wanted)
    return wanted in accepted


@grants.spares_admins
def relation_check(
    policy: Policy, roles: Sequence[Role], local: Mapping[str, tuple[str, str]], *, many: bool
) -> Check:
    """For a relational field, by the related type's rules. ``local`` maps a key attribute of the related type to
    where its value comes from: (``source`` or ``args``, field).
    """

    def rest(of_mode: Sequence[Role]) -> _Rest:
        filtered = _item_filters([role for role in of_mode if role.entity not in local])
        keyed = [(role, *local[role.entity]) for role in of_mode if not role.static and role.entity in local]

        def run(ctx: ResolverContext, claims: Claims, filters: list[dict[str, Any]]) -> bool:
            filtered(claims, filters)
            return any(_judge_source(ctx, claims, filters, found, many=many) for found in keyed)

        return run

    return _check(policy, roles, "read", rest)


def _judge_source(
    ctx: ResolverContext,
    claims: Claims,
    filters: list[dict[str, Any]],
    found: tuple[Role, str, str],
    *,
    many: bool,
) -> bool:
    """The key's value must name the caller; a page of related items is narrowed to the caller's own."""
    role, place, name = found
    accepted = _accepted(role, claims)
    if not accepted:
        return False
    value = (ctx.source or {}).get(name) if place == "source" else ctx.arguments.get(name)
    if value is not None and value in accepted:
        return True
    if not many or filters:
        return False
    if place == "source":
        ctx.stash.setdefault("connectionAttributes", {})[name] = accepted[0]
    else:
        ctx.arguments[name] = {"eq": accepted[0]}
    return True
