"""The functions of the expression language."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Function:
    """How many operands a function takes, whether the first must be a path, whether it is a condition itself."""

    operands: int
    needs_path: bool
    is_condition: bool


CONDITION_FUNCTIONS: Mapping[str, Function] = {
    "attribute_exists": Function(1, needs_path=True, is_condition=True),
    "attribute_not_exists": Function(1, needs_path=True, is_condition=True),
    "attribute_type": Function(2, needs_path=False, is_condition=True),
    "begins_with": Function(2, needs_path=False, is_condition=True),
    "contains": Function(2, needs_path=False, is_condition=True),
    "size": Function(1, needs_path=False, is_condition=False),
}
UPDATE_FUNCTIONS: Mapping[str, Function] = {
    "if_not_exists": Function(2, needs_path=True, is_condition=False),
    "list_append": Function(2, needs_path=False, is_condition=False),
}
OF_FUNCTION = "operator or function: "


def unknown(name: str, allowed: Mapping[str, Function]) -> str:
    """What is said against a function that an expression does not have."""
    if name not in CONDITION_FUNCTIONS and name not in UPDATE_FUNCTIONS:
        return f"Invalid function name; function: {name}"
    kind = "a condition" if allowed is CONDITION_FUNCTIONS else "an update"
    return f"The function is not allowed in {kind} expression; function: {name}"


def miscounted(name: str, count: int, allowed: Mapping[str, Function]) -> str | None:
    """What is said against ``count`` operands of a function, if it takes another number."""
    function = allowed.get(name)
    if function is None or count == function.operands:
        return None
    return (
        f"Incorrect number of operands for operator or function; {OF_FUNCTION}{name}, number of operands: {count}"
    )
