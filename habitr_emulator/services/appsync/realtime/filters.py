"""Which events a subscriber hears: arguments and enhanced filters.

https://docs.aws.amazon.com/appsync/latest/devguide/aws-appsync-real-time-enhanced-filtering.html
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from habitr_emulator.services.appsync.spec import ResolverError

MOST_GROUPS: Final = 10
MOST_FILTERS: Final = 5
DEEPEST: Final = 5
LONGEST_LIST: Final = 20


def same(left: Any, right: Any) -> bool:
    """Are two JSON scalars equal? Lists and maps never are."""
    if isinstance(left, (list, dict)) or isinstance(right, (list, dict)):
        return False
    return isinstance(left, bool) == isinstance(right, bool) and left == right


def arguments_match(arguments: Mapping[str, Any], event: Any) -> bool:
    """Does the event's top level agree with every argument that the subscriber gave?"""
    fields = event if isinstance(event, dict) else {}
    return all(same(fields.get(name), value) for name, value in arguments.items())


def _ordered(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def compare(field: Any, value: Any) -> bool:
        return _comparable(field, value) and test(field, value)

    return compare


def _comparable(field: Any, value: Any) -> bool:
    if isinstance(field, bool) or isinstance(value, bool):
        return False
    both_text = isinstance(field, str) and isinstance(value, str)
    return both_text or (isinstance(field, (int, float)) and isinstance(value, (int, float)))


def _contains(field: Any, value: Any) -> bool:
    if isinstance(field, list):
        return any(same(item, value) for item in field)
    return isinstance(field, str) and isinstance(value, str) and value in field


def _listed(field: Any, values: Any) -> bool:
    return any(same(field, value) for value in _list(values))


def _between(field: Any, values: Any) -> bool:
    bounds = _list(values)
    if len(bounds) != 2:
        return False
    low, high = bounds
    return _comparable(field, low) and _comparable(field, high) and low <= field <= high


def _list(values: Any) -> list[Any]:
    return values if isinstance(values, list) else list(values) if isinstance(values, tuple) else []


_OPERATORS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "eq": same,
    "le": _ordered(lambda field, value: bool(field <= value)),
    "lt": _ordered(lambda field, value: bool(field < value)),
    "ge": _ordered(lambda field, value: bool(field >= value)),
    "gt": _ordered(lambda field, value: bool(field > value)),
    "contains": _contains,
    "beginsWith": lambda field, value: (
        isinstance(field, str) and isinstance(value, str) and field.startswith(value)
    ),
    "in": _listed,
    "between": _between,
    "containsAny": lambda field, values: any(_contains(field, value) for value in _list(values)),
}
#: These are what the others are not; they are also the only ones that a null field meets.
_NEGATED: Final = {"ne": "eq", "notIn": "in", "notContains": "contains"}


def filter_matches(wanted: Mapping[str, Any], event: Any) -> bool:
    """Does an event meet one group of an enhanced filter with all its filters?"""
    groups = wanted.get("filterGroup") or ()
    return any(all(_meets(item, event) for item in group.get("filters") or ()) for group in groups)


def _meets(item: Mapping[str, Any], event: Any) -> bool:
    field: Any = event
    for part in str(item["fieldName"]).split("."):
        field = field.get(part) if isinstance(field, dict) else None
    operator, value = item["operator"], item.get("value")
    if operator in _NEGATED:
        return field is None or not _OPERATORS[_NEGATED[operator]](field, value)
    return field is not None and _OPERATORS[operator](field, value)


def check(wanted: Mapping[str, Any]) -> None:
    """Raise ResolverError if an enhanced filter breaks AppSync's limits or form."""
    groups = wanted.get("filterGroup")
    if not isinstance(groups, (list, tuple)) or not groups or len(groups) > MOST_GROUPS:
        raise _bad(f"filterGroup must be a list of 1 to {MOST_GROUPS} groups")
    for group in groups:
        filters = group.get("filters") if isinstance(group, Mapping) else None
        if not isinstance(filters, (list, tuple)) or len(filters) > MOST_FILTERS:
            raise _bad(f"a group must have a list of at most {MOST_FILTERS} filters")
        for item in filters:
            _check_one(item)


def _check_one(item: Any) -> None:
    if not isinstance(item, Mapping) or not isinstance(item.get("fieldName"), str):
        raise _bad("a filter must have a fieldName")
    operator, value = item.get("operator"), item.get("value")
    if operator not in _OPERATORS and operator not in _NEGATED:
        raise _bad(f"unknown operator {operator}")
    if item["fieldName"].count(".") >= DEEPEST:
        raise _bad(f"{item['fieldName']} is more than {DEEPEST} levels deep")
    if operator in ("in", "notIn", "containsAny", "between") and not isinstance(value, (list, tuple)):
        raise _bad(f"{operator} needs a list")
    if isinstance(value, (list, tuple)) and len(value) > LONGEST_LIST:
        raise _bad(f"the list of {item['fieldName']} has more than {LONGEST_LIST} items")


def _bad(reason: str) -> ResolverError:
    # guess: the service's wording is not published
    return ResolverError(f"Invalid subscription filter: {reason}.", "BadRequestException", why=reason)
