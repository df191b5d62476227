"""Policy evaluation: pure functions from a request and its policies to a decision.

An explicit Deny anywhere wins; else the session policies, if there are any, must allow; else the identity
policies or the resource's policy must (one account, so either is enough).
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from habitr_emulator.services.iam.documents import Kind, Policy, Principals, Statement, compiled
from habitr_emulator.services.iam.matching import Unresolved, Values, matches

Documents = Sequence[Mapping[str, Any]]
#: How a resource policy names a principal: not at all, by its account only, by name.
Naming = Literal["", "account", "name"]


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks, as policies name it: ``kind`` is ``AWS``, ``Federated``, ``Service`` or ``anonymous``;
    ``names`` are the ARNs (a session has two: its own and its role's) or the provider.
    """

    kind: str = "anonymous"
    names: frozenset[str] = frozenset()
    account_id: str = ""


@dataclass(frozen=True, slots=True)
class AccessRequest:
    """One question. ``conditions`` are the condition keys of the request; ``""`` as ``resource`` matches none."""

    action: str
    resource: str
    conditions: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    principal: Principal = Principal()


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer. ``because`` ends AWS's message, ``why`` tells a person which statement decided."""

    allowed: bool
    because: str
    why: str


@dataclass(frozen=True, slots=True)
class Question:
    """An ``AccessRequest`` in the form for matching: condition keys in lower case."""

    action: str
    resource: str
    values: Values
    principal: Principal


def evaluate(
    request: AccessRequest,
    identity_policies: Documents,
    session_policies: Documents = (),
    resource_policy: Mapping[str, Any] | None = None,
    *,
    resource_kind: Kind = "resource",
) -> Decision:
    """Whether ``request`` is allowed. ``resource_kind`` is ``trust`` for a role's trust policy.

    Raises MalformedPolicyDocument if a document cannot be read.
    """
    question = question_of(request)
    identity = [compiled(document, "identity") for document in identity_policies]
    session = [compiled(document, "identity") for document in session_policies]
    resource = [] if resource_policy is None else [compiled(resource_policy, resource_kind)]
    levels = {"an identity-based policy": identity, "a session policy": session, _of(resource_kind): resource}
    for level, policies in levels.items():
        denying = next(_deciding(policies, question, allows=False), None)
        if denying is not None:
            return Decision(
                False, f"with an explicit deny in {level}", f"statement {denying.name} of {level} denies it"
            )
    return _allowing(question, identity, session, resource, resource_kind)


def question_of(request: AccessRequest) -> Question:
    """``request`` in the form for matching."""
    return Question(request.action, request.resource, _values(request.conditions), request.principal)


def deciding(
    request: AccessRequest, document: Mapping[str, Any], *, allows: bool, kind: Kind = "identity"
) -> list[Statement]:
    """The statements of one document that match ``request`` and allow (or deny) it."""
    question = question_of(request)
    return list(_deciding([compiled(document, kind)], question, allows=allows))


def _allowing(
    question: Question, identity: list[Policy], session: list[Policy], resource: list[Policy], kind: Kind
) -> Decision:
    granted = {_naming(statement, question): statement for statement in _deciding(resource, question, allows=True)}
    own = next(_deciding(identity, question, allows=True), None)
    within = next(_deciding(session, question, allows=True), None)
    direct = granted.get("name")
    action = question.action
    if session and within is None and not (direct and _names_session(direct, question.principal)):
        return Decision(
            False, f"because no session policy allows the {action} action", "no session policy allows it"
        )
    if direct is not None:
        return Decision(True, "", f"statement {direct.name} of {_of(kind)} allows it")
    if own is not None:
        return Decision(True, "", f"statement {own.name} of an identity-based policy allows it")
    level = "resource-based" if question.principal.kind == "anonymous" else "identity-based"
    return Decision(False, f"because no {level} policy allows the {action} action", "no policy allows it")


def _of(kind: Kind) -> str:
    return "the trust policy" if kind == "trust" else "a resource-based policy"


def _values(conditions: Mapping[str, str | Sequence[str]]) -> Values:
    return {key.lower(): (value,) if isinstance(value, str) else tuple(value) for key, value in conditions.items()}


def _deciding(policies: Iterable[Policy], question: Question, *, allows: bool) -> Iterator[Statement]:
    return (
        statement
        for policy in policies
        for statement in policy.statements
        if statement.allows is allows and _applies(statement, policy.variables, question)
    )


def _applies(statement: Statement, has_variables: bool, question: Question) -> bool:
    variables = question.values if has_variables else None
    try:
        return (
            covers_action(statement, question.action)
            and covers_resource(statement, question.resource, variables)
            and covers_principal(statement, question)
            and all(condition.holds(question.values, variables) for condition in statement.conditions)
        )
    except Unresolved:
        return False


def covers_action(statement: Statement, action: str) -> bool:
    """Whether a statement is about ``action``."""
    patterns = statement.not_actions if statement.actions is None else statement.actions
    found = any(matches(pattern, action, ignore_case=True) for pattern in patterns or ())
    return found is (statement.actions is not None)


def covers_resource(statement: Statement, resource: str, variables: Values | None) -> bool:
    """Whether a statement is about ``resource``; raises Unresolved if it excludes by an unknown variable."""
    if statement.resources is not None:
        return any(_matches(pattern, resource, variables) for pattern in statement.resources)
    if statement.not_resources is not None:
        return not any(matches(pattern, resource, variables) for pattern in statement.not_resources)
    return True


def _matches(pattern: str, resource: str, variables: Values | None) -> bool:
    try:
        return matches(pattern, resource, variables)
    except Unresolved:
        return False


def covers_principal(statement: Statement, question: Question) -> bool:
    """Whether a statement is about the caller."""
    if statement.principals is not None:
        return bool(_named(statement.principals, question.principal))
    if statement.not_principals is not None:
        return not _named(statement.not_principals, question.principal)
    return True


def _naming(statement: Statement, question: Question) -> Naming:
    return "name" if statement.principals is None else _named(statement.principals, question.principal)


def _named(principals: Principals, principal: Principal) -> Naming:
    if principals.anyone:
        return "name"
    names = principals.named.get(principal.kind, ())
    if any(name in principal.names for name in names):
        return "name"
    if principal.kind == "Federated" and "*" in names:
        return "name"
    root = f"arn:aws:iam::{principal.account_id}:root"
    if principal.kind == "AWS" and any(name in (principal.account_id, root) for name in names):
        # the account itself only lets its own policies decide, unless it is the root user who asks
        return "name" if root in principal.names else "account"
    return ""


def _names_session(statement: Statement, principal: Principal) -> bool:
    """Session policies do not limit what a resource policy gives to the session by its own ARN."""
    named = statement.principals.named.get("AWS", ()) if statement.principals else ()
    return any(":assumed-role/" in name and name in principal.names for name in named)
