"""Reads a request's body, bounded."""

from collections.abc import AsyncIterator

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.wire.http import Request
from habitr_emulator.wire.refusals import error_class

MAX_BODY = 20 * 1024 * 1024
MAX_CODE_BODY = 80 * 1024 * 1024


async def read_body(request: Request) -> None:
    """Read the whole body, bounded; raises AwsError."""
    if request.stream is None:
        return
    limit = MAX_CODE_BODY if request.raw_path.startswith("/2015-03-31/functions") else MAX_BODY
    declared = request.headers.get("content-length")
    if declared.isdecimal() and int(declared) > limit:
        raise _too_large(limit)
    request.body = await _collected(request.stream, limit)
    request.stream = None


async def _collected(stream: AsyncIterator[bytes], limit: int) -> bytes:
    pieces, size = [], 0
    async for piece in stream:
        size += len(piece)
        if size > limit:
            raise _too_large(limit)
        pieces.append(piece)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _too_large(limit: int) -> AwsError:
    kind = error_class("RequestEntityTooLargeException", 413)
    return kind(f"Request must be smaller than {limit} bytes", why=f"the body is larger than {limit} bytes")
