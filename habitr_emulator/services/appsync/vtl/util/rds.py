"""``$util.rds``: the Data API's answer as plain rows.

https://docs.aws.amazon.com/appsync/latest/devguide/rds-helpers-in-util-rds.html
"""

from collections.abc import Callable
from typing import Any

from habitr_emulator.services.appsync.vtl.to_json import parse_json, to_json


def to_json_string(result: Any) -> str:
    """Every statement's rows as objects (column label → value), as text of JSON."""
    answer = parse_json(result) if isinstance(result, str) else result
    return to_json([_rows(statement) for statement in answer.get("sqlStatementResults", [])])


def _rows(statement: dict[str, Any]) -> list[dict[str, Any]]:
    frame = statement.get("resultFrame", statement)
    metadata = frame.get("resultSetMetadata", frame).get("columnMetadata", [])
    labels = [column.get("label") or column.get("name") for column in metadata]
    records = [
        record.get("values", []) if isinstance(record, dict) else record for record in frame.get("records", [])
    ]
    return [dict(zip(labels, map(_value, record), strict=False)) for record in records]


def _value(field: dict[str, Any]) -> Any:
    return next((value for kind, value in field.items() if kind != "isNull"), None)


PURE: dict[str, Callable[..., Any]] = {"toJsonString": to_json_string}
