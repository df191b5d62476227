"""Policies of upload forms: what a signed form lets its holder send. Pure.

    policy = read(fields["policy"])                 # raises InvalidPolicyDocument
    size = check(policy, fields, now)               # raises AccessDenied; the file's bounds in bytes

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple, NoReturn

from habitr_emulator.services.s3.errors import AccessDenied, InvalidPolicyDocument

_UNBOUND = {"policy", "x-amz-signature", "file", "awsaccesskeyid", "signature"}
_IGNORED = "x-ignore-"
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)", re.ASCII)


class Bounds(NamedTuple):
    """How many bytes a file may have, both included."""

    least: int = 0
    most: int = 5 * 1024**3


@dataclass(frozen=True, slots=True)
class Condition:
    """``eq`` or ``starts-with`` on a field, whose name is in lower case."""

    operator: str
    name: str
    value: str

    def holds(self, fields: Mapping[str, str]) -> bool:
        """Whether the form's field is as wanted; a missing field is empty."""
        given = fields.get(self.name, "")
        if self.operator == "eq":
            return given == self.value
        listed = given.split(",") if self.name == "content-type" else [given]
        return all(
            item.strip().startswith(self.value) if len(listed) > 1 else item.startswith(self.value)
            for item in listed
        )

    def __str__(self) -> str:
        return json.dumps([self.operator, f"${self.name}", self.value], ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy that was read: it ends at ``expiration`` (seconds since 1970)."""

    expiration: float
    conditions: tuple[Condition, ...]
    bounds: Bounds


def read(text: str) -> Policy:
    """The policy in base64 JSON; raises InvalidPolicyDocument."""
    try:
        document = json.loads(base64.b64decode("".join(text.split()), validate=True))
    except (binascii.Error, UnicodeError):
        _invalid("Invalid encoding.")
    except (ValueError, RecursionError):
        _invalid("Invalid JSON.")
    if not isinstance(document, dict):
        _invalid("Invalid JSON.")
    if set(document) - {"expiration", "conditions"}:
        _invalid(f"Unexpected: '{min(set(document) - {'expiration', 'conditions'})}'.")
    if "expiration" not in document:
        _invalid("Policy missing expiration.")
    if "conditions" not in document:
        _invalid("Policy missing conditions.")
    if not isinstance(document["conditions"], list):
        _invalid("Conditions must be a List.")
    return _policy(_instant(document["expiration"]), document["conditions"])


def _policy(expiration: float, listed: list[Any]) -> Policy:
    conditions: list[Condition] = []
    bounds = Bounds()
    for entry in listed:
        if isinstance(entry, dict):
            conditions.append(_simple(entry))
        elif isinstance(entry, list) and entry and str(entry[0]).lower() == "content-length-range":
            bounds = _bounds(entry)
        else:
            conditions.append(_matching(entry))
    return Policy(expiration, tuple(conditions), bounds)


def check(policy: Policy, fields: Mapping[str, str], now: float) -> Bounds:
    """Hold a form against its policy; ``fields`` (lower-case names) include ``bucket``, which is no field.

    Raises AccessDenied if the policy has expired, a condition does not hold, or a field has no condition.
    """
    if now >= policy.expiration:
        _refuse("Policy expired.")
    for condition in policy.conditions:
        if not condition.holds(fields):
            _refuse(f"Policy Condition failed: {condition}")
    bound = {condition.name for condition in policy.conditions} | _UNBOUND
    extra = sorted(name for name in fields if name not in bound and not name.startswith(_IGNORED))
    if extra:
        _refuse(f"Extra input fields: {', '.join(extra)}")
    return policy.bounds


def _simple(entry: Mapping[str, Any]) -> Condition:
    if len(entry) != 1:
        _invalid("Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.")
    name, value = next(iter(entry.items()))
    if not isinstance(value, str):
        _invalid("Invalid Simple-Condition: value must be a string.")
    return Condition("eq", name.lower(), value)


def _matching(entry: Any) -> Condition:
    if not isinstance(entry, list) or len(entry) != 3 or not all(isinstance(text, str) for text in entry):
        _invalid("Invalid Condition: wrong number of arguments.")
    operator, name, value = entry
    if operator.lower() not in ("eq", "starts-with"):
        _invalid(f"Invalid Condition: unknown operation '{operator}'.")
    if not name.startswith("$"):
        _invalid(f"Invalid Condition: '{name}' is no reference to a field.")
    return Condition(operator.lower(), name[1:].lower(), value)


def _bounds(entry: list[Any]) -> Bounds:
    try:
        least, most = (int(text) for text in entry[1:] if not isinstance(text, bool | float))
    except (TypeError, ValueError):
        _invalid("Invalid content-length-range: it takes two whole numbers.")
    if least < 0 or most < least:
        _invalid("Invalid content-length-range: the numbers are out of order.")
    return Bounds(least, most)


def _instant(text: Any) -> float:
    if not isinstance(text, str) or not _INSTANT.fullmatch(text):
        _invalid(f"Invalid 'expiration' value: '{text}'")
    try:
        return datetime.fromisoformat(text).astimezone(UTC).timestamp()
    except (ValueError, OverflowError):
        _invalid(f"Invalid 'expiration' value: '{text}'")


def _invalid(reason: str) -> NoReturn:
    raise InvalidPolicyDocument(f"Invalid Policy: {reason}")


def _refuse(reason: str) -> NoReturn:
    raise AccessDenied(f"Invalid according to Policy: {reason}")
