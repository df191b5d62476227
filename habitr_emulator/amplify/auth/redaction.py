"""Guarded fields: who may see one, and what mutation responses must not show, because subscribers see them too."""

from collections.abc import Callable, Sequence
from typing import Any

from habitr_emulator.amplify.auth import grants
from habitr_emulator.amplify.auth.grants import Policy
from habitr_emulator.amplify.auth.identity import (
    DELIMITER,
    Check,
    claims_of,
    groups,
    names_caller,
    shares_group,
)
from habitr_emulator.amplify.auth.roles import PROVIDER_OF, READ_OPERATIONS, AccessControl, Role
from habitr_emulator.services.appsync.spec import Native, ResolverContext, Unauthorized

#: Marks what a mutation returned, for the resolvers of its fields.
OPERATION = "__operation"


@grants.spares_admins
def field_check(policy: Policy, name: str, roles: Sequence[Role]) -> Check:
    """Whether the caller may see a field, judged by the object that holds it."""
    refuse = policy.refusal(f"reading {name}", roles)
    checks = {}
    for mode in PROVIDER_OF:
        of_mode = grants.in_mode(mode, roles)
        if of_mode:
            checks[mode] = _mode_check(policy, of_mode, refuse)
    return grants.by_mode(checks, refuse)


def _mode_check(policy: Policy, roles: Sequence[Role], refuse: Callable[[], Unauthorized]) -> Check:
    static = grants.static_check(policy, roles)
    if static is grants.always:
        return grants.allow
    owners, group_roles = grants.owners(roles), grants.dynamic_groups(roles)

    def check(ctx: ResolverContext) -> None:
        if static is not None and static(ctx):
            return
        claims, source = claims_of(ctx), ctx.source or {}
        for owner in owners:
            if names_caller(source.get(owner.role.entity), owner.claim.accepted(claims)):
                return
        for role in group_roles:
            if shares_group(source.get(role.entity), groups(claims, role.claim)):
                return
        raise refuse()

    return check


def guarded_field(name: str, check: Check, *, heard: bool) -> Native:
    """The field's resolver; ``heard`` (the model has subscriptions) hides it in mutation responses."""

    def resolve(ctx: ResolverContext) -> Any:
        check(ctx)
        source = ctx.source or {}
        return None if heard and source.get(OPERATION) == "Mutation" else source.get(name)

    return resolve


def owner_field(name: str) -> Native:
    """A compound owner value (``sub::username``) shows only its last part."""

    def resolve(ctx: ResolverContext) -> Any:
        return _last_part((ctx.source or {}).get(name))

    return resolve


def stripped(resolve: Native) -> Native:
    """A guarded owner field: guarded first, then stripped."""

    def stripped_resolve(ctx: ResolverContext) -> Any:
        return _last_part(resolve(ctx))

    return stripped_resolve


def _last_part(value: Any) -> Any:
    if isinstance(value, list):
        return [_last_part(item) for item in value]
    return value.rpartition(DELIMITER)[2] if isinstance(value, str) else value


def must_redact(own: AccessControl, related: AccessControl) -> bool:
    """Whether readers of the two types differ, so that a mutation's response could show a subscriber of the one
    what the rules of the other keep from them.
    """
    first, second = _readers(own), _readers(related)
    unclear = any(not role.static or role.strategy == "custom" for role in (*first.values(), *second.values()))
    return unclear or first.keys() != second.keys()


def _readers(access: AccessControl) -> dict[str, Role]:
    roles = {role.name: role for role in access.with_operation(*READ_OPERATIONS)}
    for provider in ("userPools", "oidc"):
        if f"{provider}:private" in roles:
            roles = {
                name: role
                for name, role in roles.items()
                if role.provider != provider or role.strategy == "private"
            }
    return roles
