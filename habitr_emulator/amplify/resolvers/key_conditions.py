"""Arguments that narrow a query's key: ``ups: {gt: 3}``, ``zoneScore: {beginsWith: {zone: EU}}``."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from habitr_emulator.amplify.resolvers.documents import equals, key_text
from habitr_emulator.services.appsync.spec import ResolverError
from habitr_emulator.wire.appsync_filter import attribute_value

_INVALID = "InvalidArgumentsError"
_COMPARISONS = {"eq": "=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}


def invalid(message: str) -> ResolverError:
    """The error of arguments that do not fit together."""
    return ResolverError(message, _INVALID)


def sort_argument(sort: Sequence[str]) -> str:
    """The name of the argument for a sort key: the field's, or the fields' in camel case."""
    return sort[0] + "".join(name[:1].upper() + name[1:] for name in sort[1:])


def check_list_arguments(arguments: Mapping[str, Any], hashed: str, sort: Sequence[str]) -> None:
    """Refuse a sort key or a direction without the hash."""
    if not sort:
        if arguments.get("sortDirection") is not None:
            raise invalid("sortDirection is not supported for List operations without a Sort key defined.")
        return
    if arguments.get(hashed) is not None:
        return
    if arguments.get("sortDirection") is not None:
        raise invalid(f"When providing argument 'sortDirection' you must also provide argument '{hashed}'.")
    name = sort_argument(sort)
    if arguments.get(name) is not None:
        raise invalid(
            f"When providing argument '{name}' you must also provide '{hashed}'."
            if len(sort) > 1
            else f"When providing argument '{name}' you must also provide arguments {hashed}"
        )


def key_condition(
    arguments: Mapping[str, Any], hashed: tuple[str, Any], sort: Sequence[str], *, checked: bool = True
) -> dict[str, Any]:
    """The key condition of a query; ``hashed`` is the hash attribute and its value. ``checked`` refuses composite
    arguments with gaps.
    """
    query = equals(*hashed)
    given = arguments.get(sort_argument(sort)) if sort else None
    if not given:
        return query
    if len(sort) > 1:
        if checked:
            _check_composite(sort, given)
        given = {
            operator: _joined(operator, value, sort) for operator, value in given.items() if value is not None
        }
    _add_sort(query, "#".join(sort), given)
    return query


def _add_sort(query: dict[str, Any], attribute: str, given: Mapping[str, Any]) -> None:
    """Every operator given is added: two are one too many for DynamoDB, which says so."""
    names, values = query["expressionNames"], query["expressionValues"]
    for operator in ("beginsWith", "between", *_COMPARISONS):
        value = given.get(operator)
        if value is None:
            continue
        names["#sortKey"] = attribute
        if operator == "between":
            query["expression"] += " AND #sortKey BETWEEN :sortKey0 AND :sortKey1"
            first, second = (*value, None, None)[:2]
            values[":sortKey0"], values[":sortKey1"] = attribute_value(first), attribute_value(second)
            continue
        values[":sortKey"] = attribute_value(value)
        if operator == "beginsWith":
            query["expression"] += " AND begins_with(#sortKey, :sortKey)"
        else:
            query["expression"] += f" AND #sortKey {_COMPARISONS[operator]} :sortKey"


def _joined(operator: str, value: Any, sort: Sequence[str]) -> Any:
    if operator == "between":
        return [_text(part, sort) for part in value]
    return _text(value, sort)


def _text(parts: Mapping[str, Any], sort: Sequence[str]) -> str:
    found = [parts.get(name) for name in sort]
    return "#".join(key_text(value) for value in found if value is not None)


def _check_composite(sort: Sequence[str], given: Mapping[str, Any]) -> None:
    name = sort_argument(sort)
    if len(given) > 1:
        raise invalid(f"Argument {name} must specify at most one key condition operation.")
    for operator, value in given.items():
        if operator != "between":
            # The generated template prints the name of its own variable here.
            _check_gaps(f"{name}.$operation", sort, value or {})
            continue
        if not isinstance(value, list) or len(value) != 2:
            raise invalid(f"Argument '{name}.between' expects exactly two elements.")
        for place, part in enumerate(value):
            _check_gaps(f"{name}.between[{place}]", sort, part or {})


def _check_gaps(path: str, sort: Sequence[str], parts: Mapping[str, Any]) -> None:
    for earlier, later in pairwise(sort):
        if parts.get(later) is not None and parts.get(earlier) is None:
            raise invalid(f"When providing argument '{path}.{later}' you must also provide '{path}.{earlier}'.")
