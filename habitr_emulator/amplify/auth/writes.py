"""Creates, updates and deletes: who may, and on which fields.

https://docs.amplify.aws/gen1/javascript/build-a-backend/graphqlapi/customize-authorization-rules/
"""

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from habitr_emulator.amplify.auth import grants
from habitr_emulator.amplify.auth.grants import Policy
from habitr_emulator.amplify.auth.identity import (
    Check,
    Claims,
    claims_of,
    groups,
    names_caller,
    shares_group,
)
from habitr_emulator.amplify.auth.roles import PROVIDER_OF, AccessControl, Role
from habitr_emulator.services.appsync.spec import ResolverContext, ResolverError


@dataclass(frozen=True, slots=True)
class Grant:
    """What a role may write; ``everything`` makes ``fields`` moot."""

    role: Role
    everything: bool
    fields: frozenset[str]
    automatic: "Automatic"


Composite = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Automatic:
    """What a write has beside the fields that it names: ``foreign_keys`` that everybody may give, and the joined
    attributes of composite sort keys, which count as fields of the input: those of the ``primary`` key always,
    those of ``indexes`` as soon as one part is there.
    """

    foreign_keys: frozenset[str] = frozenset()
    primary: tuple[Composite, ...] = ()
    indexes: tuple[Composite, ...] = ()

    def writable(self, fields: Iterable[str]) -> frozenset[str]:
        """Fields with what comes along: a joined attribute if all its parts are among them."""
        found = self.foreign_keys.union(fields)
        joined = ("#".join(parts) for parts in (*self.primary, *self.indexes) if found.issuperset(parts))
        return found.union(joined)

    def added(self, given: Container[str]) -> list[str]:
        """The joined attributes that a write of the ``given`` fields adds to its input."""
        touched = (parts for parts in self.indexes if any(part in given for part in parts))
        return ["#".join(parts) for parts in (*self.primary, *touched)]


@dataclass(slots=True)
class _Allowed:
    """What the caller's roles add up to in one request."""

    everything: bool = False
    fields: frozenset[str] = frozenset()

    def add(self, grant: Grant) -> None:
        if grant.everything:
            self.everything = True
        else:
            self.fields |= grant.fields


def create_grants(access: AccessControl, automatic: Automatic) -> list[Grant]:
    """Who may create."""
    return [
        Grant(role, len(fields) == len(access.fields), automatic.writable(fields), automatic)
        for role in access.with_operation("create")
        for fields in [access.allowed_fields(role, "create")]
    ]


def update_grants(access: AccessControl, automatic: Automatic, hashed: str) -> list[Grant]:
    """Who may update; of the key, which only says which item is meant, the hash is always allowed.

    A role with ``delete`` alone passes the door and is then refused field by field. Setting a field to null is an
    update like any other: recorded answers show that the generated check for ``delete`` does not bite.
    """
    found = []
    for role in access.with_operation("update", "delete"):
        fields = access.allowed_fields(role, "update")
        everything = len(fields) == len(access.fields)
        found.append(Grant(role, everything, automatic.writable((*fields, hashed)), automatic))
    return found


@grants.spares_admins
def create_check(policy: Policy, given: Sequence[Grant], *, populate: bool) -> Check:
    """Before a create. ``populate`` (populateOwnerFieldForStaticGroupAuth) also fills the owner field of callers
    that a static role authorizes.
    """
    refuse = policy.refusal("create", [grant.role for grant in given])
    modes = {mode: _Mode.of(policy, given, mode) for mode in PROVIDER_OF}

    def check(ctx: ResolverContext) -> None:
        mode = modes.get(ctx.auth_type)
        if mode is None or not mode.known:
            raise refuse()
        item = ctx.arguments["input"]
        names, allowed = list(item), _Allowed()
        mode.add_static(ctx, allowed)
        if mode.dynamic:
            claims = claims_of(ctx)
            mode.fill_owners(item, claims, allowed, populate=populate)
            if not allowed.everything:
                mode.add_groups(item, claims, allowed)
        if allowed.everything:
            return
        if not allowed.fields:
            raise refuse()
        _refuse_fields(_denied(ctx, names, allowed, given), policy, "create")

    return check


@grants.spares_admins
def update_check(policy: Policy, given: Sequence[Grant]) -> Check:
    """After the stored item was read into ``ctx.result``, before an update."""
    refuse = policy.refusal("update", [grant.role for grant in given])
    modes = {mode: _Mode.of(policy, given, mode) for mode in PROVIDER_OF}

    def check(ctx: ResolverContext) -> None:
        mode = modes.get(ctx.auth_type)
        if mode is None or not mode.known:
            raise refuse()
        allowed = _Allowed()
        mode.add_static(ctx, allowed)
        if mode.dynamic and not allowed.everything:
            mode.add_stored(ctx.result or {}, claims_of(ctx), allowed)
        if allowed.everything:
            return
        if not allowed.fields:
            raise refuse()
        _refuse_fields(_denied(ctx, ctx.arguments["input"], allowed, given), policy, "update")

    return check


def decided_modes(given: Iterable[Grant]) -> frozenset[str]:
    """The AuthenticationTypes in which everybody may write everything, whoever owns the item."""
    return frozenset(
        mode
        for mode, provider in PROVIDER_OF.items()
        for grant in given
        if grant.everything
        and grant.role.provider == provider
        and grants.static_check(Policy(""), [grant.role]) is grants.always
    )


def delete_grants(access: AccessControl) -> list[Grant]:
    """Who may delete: the roles that have it on every field."""
    return [Grant(role, True, frozenset(), Automatic()) for role in access.with_operation_everywhere("delete")]


@grants.spares_admins
def delete_check(policy: Policy, given: Sequence[Grant]) -> Check:
    """After the stored item was read into ``ctx.result``, before a delete."""
    refuse = policy.refusal("delete (on every field)", [grant.role for grant in given])
    modes = {mode: _Mode.of(policy, given, mode) for mode in PROVIDER_OF}

    def check(ctx: ResolverContext) -> None:
        mode = modes.get(ctx.auth_type)
        if mode is None or not mode.known:
            raise refuse()
        allowed = _Allowed()
        mode.add_static(ctx, allowed)
        if mode.dynamic and not allowed.everything:
            mode.add_stored(ctx.result or {}, claims_of(ctx), allowed)
        if not allowed.everything:
            raise refuse()

    return check


def _denied(ctx: ResolverContext, names: Iterable[str], allowed: _Allowed, given: Sequence[Grant]) -> list[str]:
    """What of the input the caller may not write, in its order."""
    written = list(names)
    written += given[0].automatic.added({*written, *ctx.stash.get("defaultValues", ())})
    return [name for name in written if name not in allowed.fields]


def _refuse_fields(denied: Sequence[str], policy: Policy, operation: str) -> None:
    if denied:
        listed = ", ".join(denied)
        raise ResolverError(
            f"Unauthorized on [{listed}]",
            "Unauthorized",
            why=f"the caller's @auth rules of {policy.type_name} do not allow {operation} of: {listed}",
        )


@dataclass(frozen=True, slots=True)
class _Mode:
    """The grants of one authentication mode."""

    everyone: tuple[Grant, ...]
    proved: tuple[tuple[Callable[[ResolverContext], bool], Grant], ...]
    owners: tuple[tuple[grants.Owner, Grant], ...]
    group_fields: tuple[Grant, ...]

    @classmethod
    def of(cls, policy: Policy, given: Sequence[Grant], mode: str) -> "_Mode":
        of_mode = [grant for grant in given if grant.role.provider == PROVIDER_OF[mode]]
        everyone, proved = [], []
        for grant in (grant for grant in of_mode if grant.role.static):
            check = grants.static_check(policy, [grant.role])
            if check is grants.always:
                everyone.append(grant)
            elif check is not None:
                proved.append((check, grant))
        owners = [(owner, grant) for grant in of_mode for owner in grants.owners([grant.role])]
        group_fields = [grant for grant in of_mode if grants.dynamic_groups([grant.role])]
        return cls(tuple(everyone), tuple(proved), tuple(owners), tuple(group_fields))

    @property
    def known(self) -> bool:
        """Whether any rule speaks of this mode."""
        return bool(self.everyone or self.proved or self.dynamic)

    @property
    def dynamic(self) -> bool:
        """Whether the item decides."""
        return bool(self.owners or self.group_fields)

    def add_static(self, ctx: ResolverContext, allowed: _Allowed) -> None:
        """What the token alone gives."""
        for grant in self.everyone:
            allowed.add(grant)
        for holds, grant in self.proved:
            if allowed.everything:
                return
            if holds(ctx):
                allowed.add(grant)

    def fill_owners(self, item: dict[str, Any], claims: Claims, allowed: _Allowed, *, populate: bool) -> None:
        """The input's owner must be the caller; an input without the field gets the caller as its owner. Once a
        role has authorized everything, further owner fields are left alone, unless ``populate``.
        """
        for owner, grant in self.owners:
            if allowed.everything and not populate:
                return
            accepted = owner.claim.accepted(claims)
            if not accepted:
                continue
            entity = owner.role.entity
            if entity not in item:
                item[entity] = [accepted[0]] if owner.role.listed else accepted[0]
                allowed.add(grant)
            elif names_caller(item[entity], accepted):
                allowed.add(grant)

    def add_groups(self, item: dict[str, Any], claims: Claims, allowed: _Allowed) -> None:
        """What the groups field of an item gives."""
        for grant in self.group_fields:
            if shares_group(item.get(grant.role.entity), groups(claims, grant.role.claim)):
                allowed.add(grant)

    def add_stored(self, item: dict[str, Any], claims: Claims, allowed: _Allowed) -> None:
        """What the owner and groups fields of the stored item give."""
        for owner, grant in self.owners:
            if names_caller(item.get(owner.role.entity), owner.claim.accepted(claims)):
                allowed.add(grant)
        self.add_groups(item, claims, allowed)
