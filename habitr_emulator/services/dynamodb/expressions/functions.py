"""The functions of the expression language, and what may be said against a use of them without any value."""

from collections.abc import Mapping
from dataclasses import dataclass

from habitr_emulator.services.dynamodb.expressions.nodes import Between, Call, Compare, In, Node, Path


@dataclass(frozen=True, slots=True)
class Function:
    """How many operands a function takes, whether the first must be a path, whether it is a condition itself."""

    operands: int
    needs_path: bool
    is_condition: bool


CONDITION_FUNCTIONS: Mapping[str, Function] = {
    "attribute_exists": Function(1, needs_path=True, is_condition=True),
    "attribute_not_exists": Function(1, needs_path=True, is_condition=True),
    "attribute_type": Function(2, needs_path=True, is_condition=True),
    "begins_with": Function(2, needs_path=False, is_condition=True),
    "contains": Function(2, needs_path=False, is_condition=True),
    "size": Function(1, needs_path=True, is_condition=False),
}
UPDATE_FUNCTIONS: Mapping[str, Function] = {
    "if_not_exists": Function(2, needs_path=True, is_condition=False),
    "list_append": Function(2, needs_path=False, is_condition=False),
}
OF_FUNCTION = "operator or function: "


def check_call(call: Call, allowed: Mapping[str, Function], problems: list[str]) -> None:
    """Add what is wrong with a call to ``problems``."""
    function = allowed.get(call.name)
    if function is None:
        problems.append(_unknown(call.name, allowed))
    elif len(call.arguments) != function.operands:
        problems.append(
            f"Incorrect number of operands for operator or function; {OF_FUNCTION}{call.name}, "
            f"number of operands: {len(call.arguments)}"
        )
    elif function.needs_path and not isinstance(call.arguments[0], Path):
        problems.append(_no_path(call))
    elif call.name in ("begins_with", "contains"):
        _check_first(call.name, call.arguments[0], call.arguments[1:], problems)


def _unknown(name: str, allowed: Mapping[str, Function]) -> str:
    if name not in CONDITION_FUNCTIONS and name not in UPDATE_FUNCTIONS:
        return f"Invalid function name; function: {name}"
    kind = "a condition" if allowed is CONDITION_FUNCTIONS else "an update"
    return f"The function is not allowed in {kind} expression; function: {name}"


def _no_path(call: Call) -> str:
    argument = call.arguments[0]
    if call.name == "size" and isinstance(argument, Call):
        return f"Incorrect operand type for operator or function; {OF_FUNCTION}size, operand type: N"
    return f"Operator or function requires a document path; {OF_FUNCTION}{call.name}"


def check_distinct(operator: str, node: Compare | Between | In, problems: list[str]) -> None:
    """Add a problem if the first operand, a path, is among the others."""
    match node:
        case Compare():
            _check_first(operator, node.left, (node.right,), problems)
        case Between():
            _check_first(operator, node.operand, (node.low, node.high), problems)
        case In():
            _check_first(operator, node.operand, node.options, problems)


def _check_first(operator: str, first: Node, others: tuple[Node, ...], problems: list[str]) -> None:
    if isinstance(first, Path) and first in others:
        problems.append(
            "The first operand must be distinct from the remaining operands for this operator or function; "
            f"operator: {operator}, first operand: {first}"
        )
