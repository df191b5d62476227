"""Roles split by authentication mode and by how they are proved: from the mode alone, by the token's groups, by
the signer's role, or by a field of the item.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec

from habitr_emulator.amplify.auth.identity import Check, OwnerClaim, claims_of, groups
from habitr_emulator.amplify.auth.roles import PROVIDER_OF, Role, explain
from habitr_emulator.services.appsync.spec import ResolverContext, Unauthorized

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class IamRoles:
    """The identity pool and its roles' names, by which ``iam`` rules know signed callers. ``admins`` are parts of
    the ARNs of callers whom no rule binds: functions with access to the API, and the project's custom roles.
    """

    authenticated: str = ""
    unauthenticated: str = ""
    identity_pool_id: str = ""
    admins: tuple[str, ...] = ()

    def administers(self, ctx: ResolverContext) -> bool:
        """Whether a signed caller is one of ``admins``."""
        if ctx.auth_type != "AWS_IAM":
            return False
        arn = str((ctx.identity or {}).get("userArn") or "")
        users = (self.authenticated, self.unauthenticated)
        if any(name and arn.endswith(f"/{name}/CognitoIdentityCredentials") for name in users):
            return False
        return any(admin in arn for admin in self.admins)

    def holds(self, role: Role, identity: Any) -> bool:
        """Whether a signed caller has the role of an ``iam`` rule."""
        name = self.authenticated if role.claim == "authRole" else self.unauthenticated
        arn = str(identity.get("userArn") or "")
        if name and arn.endswith(f":assumed-role/{name}/CognitoIdentityCredentials"):
            return True
        return (
            role.claim == "authRole"
            and bool(self.identity_pool_id)
            and identity.get("cognitoIdentityPoolId") == self.identity_pool_id
            and identity.get("cognitoIdentityAuthType") == "authenticated"
        )


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything that checks of one type share. ``hint`` names the type in explanations."""

    type_name: str
    iam: IamRoles = IamRoles()

    def refusal(self, operation: str, roles: Sequence[Role]) -> Callable[[], Unauthorized]:
        """Makes the refusal, with the rule that would have been needed."""
        return lambda: Unauthorized(why=explain(self.type_name, operation, roles))


def spares_admins(make: Callable[Concatenate[Policy, P], Check]) -> Callable[Concatenate[Policy, P], Check]:
    """The check that ``make`` makes does not bind ``IamRoles.admins``.

    https://docs.amplify.aws/gen1/javascript/build-a-backend/graphqlapi/customize-authorization-rules/#use-iam-authorization-within-the-appsync-console
    """

    def made(policy: Policy, /, *args: P.args, **more: P.kwargs) -> Check:
        check, iam = make(policy, *args, **more), policy.iam
        if not iam.admins:
            return check

        def spared(ctx: ResolverContext) -> None:
            if not iam.administers(ctx):
                check(ctx)

        return spared

    update_wrapper(made, make)
    return made


def in_mode(auth_type: str, roles: Iterable[Role]) -> list[Role]:
    """The roles that a request in that AuthenticationType may have."""
    provider = PROVIDER_OF.get(auth_type)
    return [role for role in roles if role.provider == provider]


def static_check(policy: Policy, roles: Sequence[Role]) -> Callable[[ResolverContext], bool] | None:
    """Whether the caller has one of the static roles (all of one provider); None if there are none.

    A rule for everyone in the mode makes the check a constant.
    """
    static = [role for role in roles if role.static]
    if not static:
        return None
    if any(role.strategy in ("public", "private", "custom") and role.provider != "iam" for role in static):
        return always
    if static[0].provider == "iam":
        return lambda ctx: any(policy.iam.holds(role, ctx.identity or {}) for role in static)
    return _group_check(static)


def always(_: ResolverContext) -> bool:
    """The check of a role that everyone in the mode has."""
    return True


def _group_check(static: Sequence[Role]) -> Callable[[ResolverContext], bool]:
    wanted = [(role.claim, role.entity) for role in static]

    def check(ctx: ResolverContext) -> bool:
        claims = claims_of(ctx)
        return any(entity in groups(claims, claim) for claim, entity in wanted)

    return check


@dataclass(frozen=True, slots=True)
class Owner:
    """An owner role, its claim parsed."""

    role: Role
    claim: OwnerClaim


def owners(roles: Iterable[Role]) -> list[Owner]:
    """The owner roles among ``roles``."""
    return [Owner(role, OwnerClaim.parse(role.claim)) for role in roles if role.strategy == "owner"]


def dynamic_groups(roles: Iterable[Role]) -> list[Role]:
    """The roles that a field of the item names."""
    return [role for role in roles if role.strategy == "groups" and not role.static]


def by_mode(checks: dict[str, Check], refuse: Callable[[], Unauthorized]) -> Check:
    """One check out of those of each AuthenticationType; other modes are refused."""

    def check(ctx: ResolverContext) -> None:
        found = checks.get(ctx.auth_type)
        if found is None:
            raise refuse()
        found(ctx)

    return check


def allow(_: ResolverContext) -> None:
    """Everyone may."""


@spares_admins
def sandbox(policy: Policy, *, enabled: bool) -> Check:
    """A type without rules: the sandbox lets the API key in, else nobody may."""
    why = f"{policy.type_name} has no @auth rules" + (
        "; the global rule lets in the API key alone" if enabled else ""
    )

    def check(ctx: ResolverContext) -> None:
        if not (enabled and ctx.auth_type == "API_KEY"):
            raise Unauthorized(why=why)

    return check
