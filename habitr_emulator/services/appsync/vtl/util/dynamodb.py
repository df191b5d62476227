"""``$util.dynamodb``: values as DynamoDB attribute values; each function also as ``…Json``, giving text.

https://docs.aws.amazon.com/appsync/latest/devguide/dynamodb-helpers-in-util-dynamodb.html
"""

from collections.abc import Callable
from typing import Any

from habitr_emulator.services.appsync.vtl.printing import weigh
from habitr_emulator.services.appsync.vtl.to_json import parse_json, to_json
from habitr_emulator.wire.appsync_filter import attribute_value


def to_dynamodb(value: Any = None) -> dict[str, Any]:
    """A value by its own type: S, N (a JSON number), BOOL, NULL, L, M; never a set."""
    if isinstance(value, list | dict):
        weigh(value)
    return attribute_value(value)


def _map_values(value: dict[str, Any] | None) -> dict[str, Any] | None:
    if value is None:
        return None
    weigh(value)
    return {name: attribute_value(item) for name, item in value.items()}


def s3_object(key: str, bucket: str, region: str, version: str | None = None) -> dict[str, Any]:
    """A reference to an S3 object, as text of JSON in an S value."""
    described = {"key": key, "bucket": bucket, "region": region}
    if version is not None:
        described["version"] = version
    return {"S": to_json({"s3": described})}


def from_s3_object_json(text: str | None) -> Any:
    """The map that ``toS3Object`` wrote: key, bucket, region, version."""
    if text is None:
        return None
    value = parse_json(text)
    return value.get("s3", value) if isinstance(value, dict) else None


_TYPED: dict[str, Callable[..., Any]] = {
    "toDynamoDB": to_dynamodb,
    "toString": lambda value=None: _or_null("S", value),
    "toStringSet": lambda value=None: _or_null("SS", value),
    "toNumber": lambda value=None: _or_null("N", value),
    "toNumberSet": lambda value=None: _or_null("NS", value),
    "toBinary": lambda value=None: _or_null("B", value),
    "toBinarySet": lambda value=None: _or_null("BS", value),
    "toBoolean": lambda value=None: _or_null("BOOL", value),
    "toNull": lambda: {"NULL": None},
    "toList": lambda value=None: to_dynamodb(value),
    "toMap": lambda value=None: to_dynamodb(value),
    "toMapValues": _map_values,
    "toS3Object": s3_object,
}


def _or_null(kind: str, value: Any) -> Any:
    return None if value is None else {kind: value}


def _as_text(function: Callable[..., Any]) -> Callable[..., str]:
    return lambda *arguments: to_json(function(*arguments))


PURE: dict[str, Callable[..., Any]] = {
    **_TYPED,
    **{f"{name}Json": _as_text(function) for name, function in _TYPED.items()},
    "fromS3ObjectJson": from_s3_object_json,
}
