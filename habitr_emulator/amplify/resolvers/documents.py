"""The parts of DynamoDB data source documents that the generated operations share."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from habitr_emulator.amplify.auth.redaction import OPERATION
from habitr_emulator.services.appsync.spec import ResolverContext, ResolverError
from habitr_emulator.wire.appsync_filter import attribute_value, dynamodb_expression
from habitr_emulator.wire.attribute_value import Item

VERSION = "2018-05-29"
DEFAULT_LIMIT = 100

Values = Mapping[str, Any]
#: Makes the key of an item from a map that holds its fields.
KeyMaker = Callable[[Values], Item]


def pass_errors(ctx: ResolverContext) -> None:
    """``$util.error($ctx.error.message, $ctx.error.type)``."""
    if ctx.error is not None:
        raise ResolverError(ctx.error["message"], ctx.error["type"])


def result(ctx: ResolverContext) -> Any:
    """The response of queries: the data source's result."""
    pass_errors(ctx)
    return ctx.result


def mutation_result(ctx: ResolverContext) -> Any:
    """The response of mutations: the item, marked so that its guarded fields know where they are shown."""
    pass_errors(ctx)
    if ctx.result is None:
        return None
    return {**ctx.result, OPERATION: "Mutation"}


def joined(values: Values, names: Sequence[str]) -> str:
    """A composite sort key's value: ``2024-02-01#3``."""
    return "#".join(map(key_text, map(values.get, names)))


def key_text(value: Any) -> str:
    """A key part as text; whole floats print like integers, since DynamoDB gives them back as such."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def key_maker(hashed: str, sort: Sequence[str]) -> KeyMaker:
    """For a primary key: the hash field, and the sort field or the sort fields joined."""
    if not sort:
        return lambda values: Item.from_plain({hashed: values.get(hashed)})
    if len(sort) == 1:
        only = sort[0]
        return lambda values: Item.from_plain({hashed: values.get(hashed), only: values.get(only)})
    attribute = "#".join(sort)
    return lambda values: Item.from_plain({hashed: values.get(hashed), attribute: joined(values, sort)})


def condition(keys: Sequence[str], function: str) -> tuple[str, dict[str, str]]:
    """``attribute_exists`` or ``attribute_not_exists`` of every key attribute: expression and names."""
    expression = " AND ".join(f"{function}(#keyCondition{place})" for place in range(len(keys)))
    return expression, {f"#keyCondition{place}": name for place, name in enumerate(keys)}


#: Where checks leave further conditions, as ready (expression, names, values).
CONDITIONS = "authConditions"


def with_condition(fixed: tuple[str, dict[str, str]], ctx: ResolverContext) -> dict[str, Any]:
    """The fixed condition ANDed with the client's, with what user templates put into ``stash.conditions``, and
    with what checks demand of the item.
    """
    made = _with_client_condition(fixed, ctx)
    for expression, names, values in ctx.stash.get(CONDITIONS, ()):
        made["expression"] += f" AND {expression}"
        made["expressionNames"] = {**made["expressionNames"], **names}
        made["expressionValues"] = {**made.get("expressionValues", {}), **values}
    return made


def _with_client_condition(fixed: tuple[str, dict[str, str]], ctx: ResolverContext) -> dict[str, Any]:
    expression, names = fixed
    given = [found for found in (ctx.arguments.get("condition"), *ctx.stash.get("conditions", ())) if found]
    if not given:
        return {"expression": expression, "expressionNames": names}
    more = expression_of(given[0] if len(given) == 1 else {"and": given})
    if not more["expression"]:
        return {"expression": expression, "expressionNames": names}
    merged = {
        "expression": f"({expression}) AND ({more['expression']})",
        "expressionNames": {**names, **more["expressionNames"]},
    }
    if more["expressionValues"]:
        merged["expressionValues"] = more["expressionValues"]
    return merged


def expression_of(wanted: Any) -> dict[str, Any]:
    """A filter object as an expression; raises ResolverError, as its template fails, for what cannot be one."""
    try:
        return dynamodb_expression(wanted)
    except ValueError as error:
        raise ResolverError(f"Unable to transform for the reason: {error}", "MappingTemplate") from error


def filter_of(ctx: ResolverContext) -> dict[str, Any] | None:
    """The authorization filter ANDed with the client's, as an expression; None if both are empty."""
    given, mine = ctx.arguments.get("filter"), ctx.stash.get("authFilter")
    wanted = {"and": [mine, given]} if mine and given else (mine or given)
    if not wanted:
        return None
    made = expression_of(wanted)
    if not made["expression"]:
        return None
    if not made["expressionValues"]:
        del made["expressionValues"]
    return made


def page(ctx: ResolverContext, document: dict[str, Any], limit: int = DEFAULT_LIMIT) -> dict[str, Any]:
    """The document with the client's limit, token and filter."""
    given = ctx.arguments
    wanted = given.get("limit")
    document["limit"] = limit if wanted is None else wanted
    if given.get("nextToken"):
        document["nextToken"] = given["nextToken"]
    narrowed = filter_of(ctx)
    if narrowed is not None:
        document["filter"] = narrowed
    return document


def equals(name: str, value: Any) -> dict[str, Any]:
    """A key condition on the hash alone."""
    return {
        "expression": "#hash = :hash",
        "expressionNames": {"#hash": name},
        "expressionValues": {":hash": attribute_value(value)},
    }
