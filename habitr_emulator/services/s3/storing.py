"""Stores what PutObject or an upload form sends: receives the body, makes the object visible, tells of it."""

from collections.abc import Mapping
from typing import Any

from habitr_emulator.services.context import Context
from habitr_emulator.services.s3 import (
    attributes,
    buckets,
    checksums,
    encryption,
    lifecycle,
    notifications,
    objects,
)
from habitr_emulator.services.s3.blobs import Blobs
from habitr_emulator.services.s3.writing import put


async def store(ctx: Context, request: Mapping[str, Any], event: str) -> dict[str, Any]:
    """PutObject's work; ``event`` is how notifications call it (``ObjectCreated:Put``). Returns its output."""
    buckets.require(ctx, request)
    objects.check_key(request["Key"])
    kept, said = attributes.of_request(ctx, request), checksums.declared(request, ctx)
    digests = checksums.Digests(said)
    async with ctx.account.part(Blobs).receiving(request.get("Body", b""), digests) as blob:
        new = objects.NewObject(
            bucket=request["Bucket"],
            key=request["Key"],
            etag=digests.etag(),
            parts=[objects.Part(blob)],
            attributes=kept,
            checksum=digests.kept(),
        )
        written = await put(ctx, new, request)
    notifications.tell_of_new(ctx, event, new, written)
    return {
        "ETag": f'"{new.etag}"',
        **written.members,
        **encryption.shown(kept.properties),
        **objects.shown_checksum(new.checksum),
        **lifecycle.expiration_of(ctx, new, written.modified_at),
    }
