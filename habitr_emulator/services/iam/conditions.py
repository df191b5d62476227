"""The Condition block of a policy statement.

Every operator and every key must hold; of a key's values one is enough, for a negated operator none may match.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
"""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from habitr_emulator.services.iam.errors import MalformedPolicyDocument
from habitr_emulator.services.iam.matching import Unresolved, Values, matches, matches_arn, resolve

#: (value of the request, value of the policy, condition keys for variables) -> does it match
Test = Callable[[str, str, Values | None], bool]


@dataclass(frozen=True, slots=True)
class Condition:
    """One operator on one key. ``quantifier`` is ``""``, ``forallvalues`` or ``foranyvalue``."""

    operator: str
    quantifier: str
    if_exists: bool
    key: str
    values: tuple[str, ...]

    def holds(self, values: Values, variables: Values | None) -> bool:
        """Whether the request satisfies it; ``variables`` is None if the policy's version has none.

        Raises matching.Unresolved if a negated operator has a variable without a value.
        """
        given = values.get(self.key)
        if self.operator == "null":
            return any((given is None) == (value.lower() == "true") for value in self.values)
        test, negated = _OPERATORS[self.operator]

        def satisfied(value: str) -> bool:
            if negated:
                return not any(test(value, wanted, variables) for wanted in self.values)
            return any(_resolved(test, value, wanted, variables) for wanted in self.values)

        if self.quantifier == "forallvalues":
            return all(satisfied(value) for value in given or ())
        if given is None:
            return self.if_exists or (negated and not self.quantifier)
        if negated and not self.quantifier:
            return all(satisfied(value) for value in given)
        return any(satisfied(value) for value in given)


def _resolved(test: Test, given: str, wanted: str, variables: Values | None) -> bool:
    try:
        return test(given, wanted, variables)
    except Unresolved:
        return False


def parse(block: Any) -> tuple[Condition, ...]:
    """The conditions of a statement's Condition element; raises MalformedPolicyDocument."""
    if not isinstance(block, Mapping):
        raise MalformedPolicyDocument
    return tuple(
        condition for operator, keys in block.items() for condition in _parse_operator(str(operator), keys)
    )


def _parse_operator(name: str, keys: Any) -> list[Condition]:
    quantifier, _, operator = name.lower().rpartition(":")
    if_exists = operator.endswith("ifexists")
    operator = operator.removesuffix("ifexists")
    known = operator in _OPERATORS or (operator == "null" and not if_exists and not quantifier)
    if not known or quantifier not in ("", "forallvalues", "foranyvalue") or not isinstance(keys, Mapping):
        raise MalformedPolicyDocument(why=f"the condition operator {name} does not exist")
    return [
        Condition(operator, quantifier, if_exists, str(key).lower(), _texts(values))
        for key, values in keys.items()
    ]


def _texts(values: Any) -> tuple[str, ...]:
    listed = values if isinstance(values, list | tuple) else [values]
    if not all(isinstance(value, str | bool | int | float) for value in listed):
        raise MalformedPolicyDocument
    return tuple(str(value).lower() if isinstance(value, bool) else str(value) for value in listed)


def _plain(compare: Callable[[str, str], bool]) -> Test:
    return lambda given, wanted, variables: compare(given, resolve(wanted, variables))


def _readable(read: Callable[[str], Any], compare: Callable[[Any, Any], bool]) -> Test:
    """A comparison of what ``read`` makes of both sides; what it cannot read matches nothing."""

    def test(given: str, wanted: str) -> bool:
        try:
            return compare(read(given), read(wanted))
        except (ValueError, OverflowError):
            return False

    return _plain(test)


def _moment(text: str) -> float:
    if text.replace(".", "", 1).lstrip("-").isdigit():
        return float(text)
    at = datetime.fromisoformat(text)
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()


def _binary(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(text) from error


def _in_network(given: str, wanted: str) -> bool:
    from ipaddress import ip_address, ip_network  # 3 ms that most processes never need

    try:
        address, network = ip_address(given), ip_network(wanted, strict=False)
    except ValueError:
        return False
    return address.version == network.version and address in network


_ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "equals": lambda a, b: a == b,
    "lessthan": lambda a, b: a < b,
    "lessthanequals": lambda a, b: a <= b,
    "greaterthan": lambda a, b: a > b,
    "greaterthanequals": lambda a, b: a >= b,
}
_equals = _plain(lambda given, wanted: given == wanted)
_equals_without_case = _plain(lambda given, wanted: given.casefold() == wanted.casefold())
_number = _readable(float, _ORDERS["equals"])
_date = _readable(_moment, _ORDERS["equals"])
_arn: Test = lambda given, wanted, variables: matches_arn(wanted, given, variables)  # noqa: E731
_like: Test = lambda given, wanted, variables: matches(wanted, given, variables)  # noqa: E731

#: Operator in lower case -> (test of one value, whether the operator is negated).
_OPERATORS: dict[str, tuple[Test, bool]] = {
    "stringequals": (_equals, False),
    "stringnotequals": (_equals, True),
    "stringequalsignorecase": (_equals_without_case, False),
    "stringnotequalsignorecase": (_equals_without_case, True),
    "stringlike": (_like, False),
    "stringnotlike": (_like, True),
    "bool": (_equals_without_case, False),
    "binaryequals": (_readable(_binary, _ORDERS["equals"]), False),
    "ipaddress": (_plain(_in_network), False),
    "notipaddress": (_plain(_in_network), True),
    "arnequals": (_arn, False),
    "arnlike": (_arn, False),
    "arnnotequals": (_arn, True),
    "arnnotlike": (_arn, True),
    "numericnotequals": (_number, True),
    "datenotequals": (_date, True),
    **{f"numeric{order}": (_readable(float, compare), False) for order, compare in _ORDERS.items()},
    **{f"date{order}": (_readable(_moment, compare), False) for order, compare in _ORDERS.items()},
}
