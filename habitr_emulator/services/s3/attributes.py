"""What is kept with an object's body: headers and metadata, tags, access control list, lock, customer key."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from habitr_emulator.kernel.errors import NotBuilt
from habitr_emulator.kernel.store import Row
from habitr_emulator.services.context import Context
from habitr_emulator.services.s3 import acl, authorization, encryption, locks, tagging
from habitr_emulator.services.s3.errors import InvalidStorageClass, MetadataTooLarge

METADATA_BYTES = 2048
DEFAULT_TYPE = "binary/octet-stream"
_PROPERTIES = (
    "CacheControl", "ContentDisposition", "ContentEncoding", "ContentLanguage", "Expires",
    "WebsiteRedirectLocation",
)  # fmt: skip
STORAGE_CLASSES = {
    "STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR", "GLACIER",
    "DEEP_ARCHIVE",
}  # fmt: skip
_NOT_BUILT = (
    "WriteOffsetBytes", "ObjectLockEventHold", "ObjectLockEventHoldDurationDays",
    "ObjectLockEventHoldDurationYears",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Attributes:
    """``properties`` under AWS's member names; ``acl`` None is the owner's full control; ``lock`` and
    ``customer_key`` None are none.
    """

    properties: Mapping[str, Any]
    tags: Mapping[str, str]
    acl: list[dict[str, Any]] | None = None
    lock: Mapping[str, Any] | None = None
    customer_key: str | None = None

    def columns(self) -> tuple[str | None, ...]:
        """The values of the columns properties, tags, acl, lock, customer_key."""
        return (
            json.dumps(self.properties),
            json.dumps(self.tags),
            json.dumps(self.acl) if self.acl else None,
            json.dumps(self.lock) if self.lock else None,
            self.customer_key,
        )


def of_request(ctx: Context, request: Mapping[str, Any]) -> Attributes:
    """What a request wants kept with an object; raises what it may not ask for, or the caller may not do."""
    return Attributes(
        properties=properties(ctx, request),
        tags=_tags(ctx, request),
        acl=acl.of_new_object(ctx, request),
        lock=locks.of_new_object(ctx, request),
        customer_key=encryption.customer_key(ctx, request),
    )


def of_row(row: Row) -> Attributes:
    """What a row (of an object or an upload) has kept."""
    return Attributes(
        properties=json.loads(row["properties"]),
        tags=json.loads(row["tags"]),
        acl=json.loads(row["acl"]) if row["acl"] else None,
        lock=json.loads(row["lock"]) if row["lock"] else None,
        customer_key=row["customer_key"],
    )


def properties(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """The headers and metadata of a request; raises what the request may not ask for."""
    _refuse_unsupported(request)
    metadata = {name.lower(): _readable(value) for name, value in (request.get("Metadata") or {}).items()}
    size = sum(len(name.encode()) + len(value.encode()) for name, value in metadata.items())
    if size > METADATA_BYTES:
        raise MetadataTooLarge(Size=size, MaxSizeAllowed=METADATA_BYTES)
    kept = {name: request[name] for name in _PROPERTIES if request.get(name)}
    if "ContentEncoding" in kept:
        codings = [coding.strip() for coding in kept["ContentEncoding"].split(",")]
        kept["ContentEncoding"] = ",".join(coding for coding in codings if coding and coding != "aws-chunked")
        if not kept["ContentEncoding"]:
            del kept["ContentEncoding"]
    if request.get("StorageClass", "STANDARD") != "STANDARD":
        kept["StorageClass"] = request["StorageClass"]
    content_type = request.get("ContentType") or DEFAULT_TYPE
    return {"ContentType": content_type, "Metadata": metadata, **kept, **encryption.properties(ctx, request)}


def _readable(value: str) -> str:
    """Metadata as text that can be sent back: bytes that are no UTF-8 are meant as ISO-8859-1."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return value.encode("utf-8", "surrogateescape").decode("latin-1")
    return value


def _tags(ctx: Context, request: Mapping[str, Any]) -> dict[str, str]:
    tags = tagging.from_header(request.get("Tagging"))
    if tags:
        conditions = authorization.writing_conditions(request, ctx)
        authorization.authorize_object(ctx, "s3:PutObjectTagging", request, conditions)
    return tags


def _refuse_unsupported(request: Mapping[str, Any]) -> None:
    for name in _NOT_BUILT:
        if request.get(name) is not None:
            raise NotBuilt(f"{name} is not built in habitr-emulator.", why=f"not built for S3: {name}")
    wanted = request.get("StorageClass", "STANDARD")
    if wanted not in STORAGE_CLASSES:
        raise InvalidStorageClass(StorageClassRequested=wanted)
