"""Who the caller is to the rules of one operation: a member of a static group, an owner, one of a named group."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from habitr_emulator.amplify.auth.identity import claim, claims_of, groups
from habitr_emulator.amplify.auth.v1.rules import Rule
from habitr_emulator.services.appsync.spec import ResolverContext, Unauthorized

#: AuthenticationType -> provider, of the modes in which version 1 checks at all.
_CHECKED = {"AMAZON_COGNITO_USER_POOLS": "userPools", "OPENID_CONNECT": "oidc"}
_GROUPS = "cognito:groups"
#: What the generated templates take for a claim that is not there.
_NOBODY = "___xamznone____"

Item = Mapping[str, Any]


def owner_value(rule: Rule, ctx: ResolverContext) -> Any:
    """The value by which an owner rule's claim names the caller."""
    claims = claims_of(ctx)
    name = rule.claim or "username"
    found = claim(claims, "username") if name in ("username", "cognito:username") else claims.get(name)
    return _NOBODY if found is None else found


def caller_groups(rule: Rule, ctx: ResolverContext) -> list[Any]:
    """The caller's groups, as a rule's claim tells them."""
    return groups(claims_of(ctx), rule.claim or _GROUPS)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an item names the caller as an owner, or one of his groups."""

    owner: bool = False
    group: bool = False

    @property
    def accepted(self) -> bool:
        """Whether either is enough."""
        return self.owner or self.group


@dataclass(frozen=True, slots=True)
class Judge:
    """The rules of one operation in one mode; ``why`` explains a refusal."""

    static: tuple[Rule, ...]
    dynamic: tuple[Rule, ...]
    owners: tuple[Rule, ...]
    why: str

    def knows_group(self, ctx: ResolverContext) -> bool:
        """Whether the caller is in a static group."""
        return any(group in rule.groups for rule in self.static for group in caller_groups(rule, ctx))

    def owns(self, item: Item, ctx: ResolverContext) -> bool:
        """Whether the item's fields name the caller or one of his groups."""
        return self.verdict(item, ctx, Verdict()).accepted

    def verdict(self, item: Item, ctx: ResolverContext, known: Verdict) -> Verdict:
        """What the item's fields say of the caller; ``known`` where this judge has no rules of the kind."""
        owner, group = known.owner, known.group
        if self.owners:
            owner = any(_holds(item.get(rule.field), [owner_value(rule, ctx)]) for rule in self.owners)
        if self.dynamic:
            group = any(_holds(item.get(rule.field), caller_groups(rule, ctx)) for rule in self.dynamic)
        return Verdict(owner, group)

    def refusal(self) -> Unauthorized:
        """``$util.unauthorized()``, explained."""
        return Unauthorized(why=self.why)


def _holds(stored: Any, values: list[Any]) -> bool:
    if isinstance(stored, list):
        return any(value in stored for value in values)
    return stored is not None and stored in values


Judges = Mapping[str, Judge]


def judges(type_name: str, operation: str, rules: Iterable[Rule]) -> Judges:
    """By AuthenticationType; modes that are missing are not checked: AppSync's directives alone let them in.

    Where a mode is checked at all, the rules of the other count as well. A rule for every signed-in caller of the
    user pool switches the checks of the operation off.
    """
    known = tuple(rules)
    if any(rule.strategy == "private" and rule.provider == "userPools" for rule in known):
        return {}
    why = f"the @auth rules of {type_name} allow {operation} only to: {', '.join(r.described for r in known)}"
    found = {}
    own = [rule for rule in known if rule.provider in _CHECKED.values()]
    for mode, provider in _CHECKED.items():
        judge = Judge(
            tuple(rule for rule in own if rule.is_static_group),
            tuple(rule for rule in own if rule.is_dynamic_group),
            tuple(rule for rule in own if rule.is_owner),
            why,
        )
        if any(rule.provider == provider for rule in (*judge.static, *judge.dynamic, *judge.owners)):
            found[mode] = judge
    return found
