"""Which resources a request touches, as IAM policies name them.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
"""

from typing import Any

from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb.tables import name_of


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


def authorize(ctx: Context, action: str, reference: str) -> None:
    """Refuse a caller who may not do ``action`` on a table: transactions are judged item by item."""
    if ctx.caller.kind != "service":
        ctx.authorize(action, arn_of(ctx, reference))
