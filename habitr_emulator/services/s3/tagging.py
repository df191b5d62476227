"""Tags of objects and buckets.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl

from habitr_emulator.services.s3.errors import BadRequest, InvalidArgument, InvalidTag

OBJECT_TAGS, BUCKET_TAGS = 10, 50
_KEY, _VALUE = 128, 256


def from_header(header: str | None) -> dict[str, str]:
    """The tags of an ``x-amz-tagging`` header (``a=1&b=2``); raises InvalidArgument, InvalidTag, BadRequest."""
    if not header:
        return {}
    try:
        pairs = parse_qsl(header, keep_blank_values=True, strict_parsing=False)
    except ValueError:
        raise InvalidArgument("The header 'x-amz-tagging' shall be encoded as UTF-8") from None
    return _checked(pairs, OBJECT_TAGS, "Object")


def from_set(tag_set: Sequence[dict[str, str]], most: int = OBJECT_TAGS) -> dict[str, str]:
    """The tags of a ``TagSet``; raises InvalidTag, BadRequest."""
    pairs = [(tag.get("Key", ""), tag.get("Value", "")) for tag in tag_set]
    return _checked(pairs, most, "Object" if most == OBJECT_TAGS else "Bucket")


def to_set(tags: dict[str, Any]) -> list[dict[str, str]]:
    """Tags as a ``TagSet``."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _checked(pairs: Sequence[tuple[str, str]], most: int, whose: str) -> dict[str, str]:
    if len(pairs) > most:
        raise BadRequest(f"{whose} tags cannot be greater than {most}")
    tags: dict[str, str] = {}
    for key, value in pairs:
        if key in tags:
            raise InvalidTag("Cannot provide multiple Tags with the same key", TagKey=key)
        if not key or len(key) > _KEY:
            raise InvalidTag("The TagKey you have provided is invalid", TagKey=key)
        if len(value) > _VALUE:
            raise InvalidTag("The TagValue you have provided is invalid", TagKey=key, TagValue=value)
        tags[key] = value
    return tags
