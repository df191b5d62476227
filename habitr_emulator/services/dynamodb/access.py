"""Which resources a request touches, as IAM policies name them.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
"""

from collections.abc import Iterable, Mapping
from typing import Any

from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb.tables import name_of, of

LEADING_KEYS = "dynamodb:LeadingKeys"


def arn_of(ctx: Context, reference: str) -> str:
    """The ARN of the table that a TableName member names."""
    return ctx.account.arn("dynamodb", f"table/{name_of(reference)}")


def table_arn(request: dict[str, Any], ctx: Context) -> str:
    """The table of the request."""
    return arn_of(ctx, request["TableName"])


def table_or_index_arn(request: dict[str, Any], ctx: Context) -> str:
    """The index of the request if it names one, else its table."""
    index = request.get("IndexName")
    return f"{table_arn(request, ctx)}/index/{index}" if index else table_arn(request, ctx)


def batch_arns(request: dict[str, Any], ctx: Context) -> list[str]:
    """The tables of a batch."""
    return [arn_of(ctx, reference) for reference in request["RequestItems"]]


def resource_arn(request: dict[str, Any], ctx: Context) -> str:
    """The resource that a tagging request names."""
    return str(request["ResourceArn"])


def backup_arn(request: dict[str, Any], ctx: Context) -> str:
    """The backup of the request."""
    return str(request["BackupArn"])


def restored_arns(request: dict[str, Any], ctx: Context) -> list[str]:
    """The backup that is read and the table that is made of it."""
    return [backup_arn(request, ctx), arn_of(ctx, request["TargetTableName"])]


def stream_arn(request: dict[str, Any], ctx: Context) -> str:
    """The stream of the request."""
    return str(request["StreamArn"])


def leading_keys(request: dict[str, Any], ctx: Context) -> dict[str, list[str]]:
    """The condition key ``dynamodb:LeadingKeys`` of an operation on one item: its partition key's value."""
    given = request.get("Key") or request.get("Item") or {}
    return _condition(ctx, request["TableName"], [given])


def batch_leading_keys(request: dict[str, Any], ctx: Context) -> dict[str, list[str]]:
    """The same for a batch: the partition key values of all its items, whatever their tables."""
    found: list[str] = []
    for reference, part in request["RequestItems"].items():
        keys = part["Keys"] if "Keys" in part else [_written(write) for write in part]
        found += _condition(ctx, reference, keys).get(LEADING_KEYS, [])
    return {LEADING_KEYS: found}


def _written(write: Mapping[str, Any]) -> Mapping[str, Any]:
    put, delete = write.get("PutRequest") or {}, write.get("DeleteRequest") or {}
    written: Mapping[str, Any] = put.get("Item") or delete.get("Key") or {}
    return written


def _condition(ctx: Context, reference: str, items: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    table = of(ctx).find(name_of(reference))
    if table is None:
        return {}
    name = table.key_names[0]
    return {LEADING_KEYS: [str(next(iter(item[name].values()), "")) for item in items if item.get(name)]}


def queried_keys(request: dict[str, Any], ctx: Context) -> dict[str, list[str]]:
    """The same for Query: the value its key condition asks of the partition key, of the index if it names one."""
    table = of(ctx).find(name_of(request["TableName"]))
    index = table.indexes.get(request.get("IndexName", "")) if table else None
    schema = index.schema if index else table.schema if table else ()
    values = request.get("ExpressionAttributeValues") or {}
    found: list[str] = []
    for name, operands in _equalities(request, values):
        if schema and name == schema[0].name:
            found += [str(next(iter(operand.values()), "")) for operand in operands if operand]
    return {LEADING_KEYS: found}


def _equalities(request: Mapping[str, Any], values: Mapping[str, Any]) -> Iterable[tuple[str, list[Any]]]:
    if request.get("KeyConditionExpression"):
        from habitr_emulator.services.dynamodb.expressions.compiler import compile_key_condition

        names = tuple((request.get("ExpressionAttributeNames") or {}).items())
        for clause in compile_key_condition(request["KeyConditionExpression"], names).run():
            yield str(clause.path[0]), [values.get(name) for name in clause.values]
    for name, condition in (request.get("KeyConditions") or {}).items():
        yield name, condition.get("AttributeValueList") or []


def authorize(ctx: Context, action: str, reference: str, part: str = "") -> None:
    """Refuse a caller who may not do ``action`` on a table or a ``part`` of it (``/index/name``): transactions
    and statements are judged one by one.
    """
    if ctx.caller.kind != "service":
        ctx.authorize(action, arn_of(ctx, reference) + part)
