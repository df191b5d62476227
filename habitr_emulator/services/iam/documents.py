"""Policy documents: read, checked, and kept in the form that evaluation wants.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from habitr_emulator.services.iam import conditions
from habitr_emulator.services.iam.conditions import Condition
from habitr_emulator.services.iam.errors import MalformedPolicyDocument

#: ``identity`` policies name no principal, ``resource`` policies do, ``trust`` policies do and name no resource.
Kind = Literal["identity", "resource", "trust"]
VERSIONS = ("2012-10-17", "2008-10-17")
_ELEMENTS = {
    "Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition",
}  # fmt: skip
_ACTION = re.compile(r"\*|[A-Za-z0-9-]+:.+", re.DOTALL)
_KEPT = 2048


@dataclass(frozen=True, slots=True)
class Principals:
    """A Principal element: ``anyone`` is ``"*"``; ``named`` maps ``AWS``, ``Service`` … to names."""

    anyone: bool
    named: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement; of each pair (``actions``/``not_actions`` …) at most one is not None."""

    sid: str
    number: int
    allows: bool
    actions: tuple[str, ...] | None
    not_actions: tuple[str, ...] | None
    resources: tuple[str, ...] | None
    not_resources: tuple[str, ...] | None
    principals: Principals | None
    not_principals: Principals | None
    conditions: tuple[Condition, ...]

    @property
    def name(self) -> str:
        """How a person finds it: its Sid, else its number."""
        return f'"{self.sid}"' if self.sid else f"number {self.number}"


@dataclass(frozen=True, slots=True)
class Policy:
    """A document; ``variables`` tells whether its version knows policy variables."""

    variables: bool
    statements: tuple[Statement, ...]


_compiled: dict[tuple[int, str], tuple[Mapping[str, Any], Policy]] = {}


def compiled(document: Mapping[str, Any], kind: Kind) -> Policy:
    """``parse``, remembered by identity: documents that callers carry are never changed in place."""
    key = (id(document), kind)
    kept = _compiled.get(key)
    if kept is not None and kept[0] is document:
        return kept[1]
    policy = parse(document, kind)
    if len(_compiled) >= _KEPT:
        _compiled.clear()
    _compiled[key] = (document, policy)
    return policy


def read(text: str, kind: Kind) -> dict[str, Any]:
    """The document in a JSON text, checked; raises MalformedPolicyDocument."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise MalformedPolicyDocument("This policy contains invalid Json") from None
    parse(document, kind)
    return dict(document)


def parse(document: Any, kind: Kind) -> Policy:
    """A document in the form for evaluation; raises MalformedPolicyDocument with AWS's reason."""
    if not isinstance(document, Mapping) or set(document) - {"Version", "Id", "Statement"}:
        raise MalformedPolicyDocument
    version = document.get("Version", "2008-10-17")
    listed = document.get("Statement")
    if version not in VERSIONS:
        raise MalformedPolicyDocument("Policy document must be version 2012-10-17 or greater.")
    statements = listed if isinstance(listed, list) else [listed]
    if not statements:
        raise MalformedPolicyDocument
    parsed = tuple(_statement(statement, number, kind) for number, statement in enumerate(statements, 1))
    sids = [statement.sid for statement in parsed if statement.sid]
    if len(sids) != len(set(sids)):
        raise MalformedPolicyDocument("Statement IDs (SID) in a single policy must be unique.")
    return Policy(version == "2012-10-17", parsed)


def _statement(given: Any, number: int, kind: Kind) -> Statement:
    if not isinstance(given, Mapping) or set(given) - _ELEMENTS:
        raise MalformedPolicyDocument
    if given.get("Effect") not in ("Allow", "Deny"):
        raise MalformedPolicyDocument(f"Invalid effect: {given.get('Effect')}")
    actions, not_actions = _either(given, "Action")
    resources, not_resources = _either(given, "Resource")
    _check(kind, given, actions or not_actions, resources or not_resources)
    principals, not_principals = given.get("Principal"), given.get("NotPrincipal")
    return Statement(
        sid=str(given.get("Sid", "")),
        number=number,
        allows=given["Effect"] == "Allow",
        actions=actions,
        not_actions=not_actions,
        resources=resources,
        not_resources=not_resources,
        principals=None if principals is None else _principals(principals),
        not_principals=None if not_principals is None else _principals(not_principals),
        conditions=conditions.parse(given["Condition"]) if "Condition" in given else (),
    )


def _check(kind: Kind, given: Mapping[str, Any], actions: Any, resources: Any) -> None:
    if actions is None:
        raise MalformedPolicyDocument("Policy statement must contain actions.")
    if not all(_ACTION.fullmatch(action) for action in actions):
        raise MalformedPolicyDocument("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.")
    if kind == "trust" and resources is not None:
        raise MalformedPolicyDocument("Has prohibited field Resource")
    if kind != "trust" and resources is None:
        raise MalformedPolicyDocument("Policy statement must contain resources.")
    for resource in resources or ():
        if resource != "*" and not resource.startswith(("arn:", "*", "${")):
            raise MalformedPolicyDocument(f'Resource {resource} must be in ARN format or "*".')
    named = "Principal" in given or "NotPrincipal" in given
    if kind == "identity" and named:
        raise MalformedPolicyDocument("Policy document should not specify a principal.")
    if kind != "identity" and not named:
        raise MalformedPolicyDocument("Missing required field Principal")


def _either(given: Mapping[str, Any], name: str) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
    both = given.get(name), given.get(f"Not{name}")
    if both[0] is not None and both[1] is not None:
        raise MalformedPolicyDocument
    yes, no = (None if element is None else _texts(element) for element in both)
    return yes, no


def _texts(element: Any) -> tuple[str, ...]:
    listed = element if isinstance(element, list | tuple) else [element]
    if not listed or not all(isinstance(text, str) for text in listed):
        raise MalformedPolicyDocument
    return tuple(listed)


def _principals(element: Any) -> Principals:
    if element == "*":
        return Principals(True, {})
    if not isinstance(element, Mapping) or set(element) - {"AWS", "Service", "Federated", "CanonicalUser"}:
        raise MalformedPolicyDocument("Invalid principal in policy.")
    named = {str(kind): _texts(names) for kind, names in element.items()}
    return Principals("*" in named.get("AWS", ()), named)
