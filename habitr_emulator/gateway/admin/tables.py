"""GET /_habitr/tables[/<name>]: the tables, or the first items of one, as plain JSON."""

import base64
import json
from typing import Any
from urllib.parse import unquote

from habitr_emulator.gateway.admin import Control, json_response, number, parameters
from habitr_emulator.services.context import Caller
from habitr_emulator.wire.http import Request, Response

SERVICE = Caller("service", arn="dynamodb.amazonaws.com")
MOST = 1000


async def handle(request: Request, rest: str, control: Control) -> Response:
    """``{"tables": [names]}``, or ``{"items": […]}`` of one, at most ``limit``."""
    dynamodb = control.account.context(SERVICE).services.dynamodb
    if not rest:
        return json_response({"tables": (await dynamodb.list_tables({}))["TableNames"]})
    limit = int(number(parameters(request).get("limit", "100"), "limit"))
    page = await dynamodb.scan({"TableName": unquote(rest), "Limit": max(1, min(limit, MOST))})
    items = [{name: _plain(value) for name, value in item.items()} for item in page["Items"]]
    return json_response({"items": items})


def _plain(value: dict[str, Any]) -> Any:
    """An attribute value without its type."""
    ((kind, content),) = value.items()
    if kind == "N":
        return json.loads(content)
    if kind == "NS":
        return [json.loads(each) for each in content]
    if kind == "M":
        return {name: _plain(each) for name, each in content.items()}
    if kind == "L":
        return [_plain(each) for each in content]
    if kind == "NULL":
        return None
    if kind in ("B", "BS"):
        return [_text(each) for each in content] if kind == "BS" else _text(content)
    return content


def _text(value: Any) -> str:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)
