"""Who may subscribe, and the filter that keeps others' items from a subscriber."""

from collections.abc import Callable, Sequence
from typing import Any

from habitr_emulator.amplify.auth import grants
from habitr_emulator.amplify.auth.grants import Policy
from habitr_emulator.amplify.auth.identity import Check, claims_of, groups
from habitr_emulator.amplify.auth.roles import PROVIDER_OF, Role
from habitr_emulator.services.appsync.spec import ResolverContext, Unauthorized


@grants.spares_admins
def subscription_check(policy: Policy, roles: Sequence[Role]) -> Check:
    """For a generated subscription: narrows ``ctx.arguments["filter"]`` for roles that depend on the item."""
    refuse = policy.refusal("listen", roles)
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
        filters: list[dict[str, Any]] = []
        claimed = _judge_owners(ctx, owners, filters, refuse)
        claims = claims_of(ctx)
        for role in group_roles:
            found = groups(claims, role.claim)
            if found:
                filters.append({role.entity: {"containsAny" if role.listed else "in": found}})
        given = ctx.arguments.get("filter")
        if claimed and len(filters) == 1 and not given:
            return  # the owner argument alone selects the caller's events
        if not filters:
            raise refuse()
        mine: dict[str, Any] = {"or": filters}
        ctx.arguments["filter"] = {"and": [mine, given]} if given else mine

    return check


def _judge_owners(
    ctx: ResolverContext,
    owners: Sequence[grants.Owner],
    filters: list[dict[str, Any]],
    refuse: Callable[[], Unauthorized],
) -> bool:
    """Adds each owner role's filter; True if an owner argument names the caller, refused if it names another.

    Filters compare with the bare name, since events carry the stripped owner value.
    """
    claims, claimed = claims_of(ctx), False
    for owner in owners:
        accepted = owner.claim.accepted(claims)
        if not accepted:
            continue
        entity = owner.role.entity
        filters.append({entity: {"contains" if owner.role.listed else "eq": owner.claim.bare(claims)}})
        argument = ctx.arguments.get(entity)
        if argument and not claimed:
            if argument not in accepted:
                raise refuse()
            claimed = True
    return claimed
