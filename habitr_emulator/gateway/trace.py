"""The span of a request, and what stays of it in the log."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from habitr_emulator.kernel.trace import RequestLog, Span
from habitr_emulator.wire.http import Request

_log = logging.getLogger("habitr_emulator.requests")


@contextmanager
def traced(request: Request, request_id: str, log: RequestLog) -> Iterator[Span]:
    """A span named after method and path, kept when it ends; query strings carry signatures and stay out."""
    span = Span(f"{request.method} {request.raw_path}")
    try:
        with span:
            yield span
    finally:
        log.keep(request_id, span)


def refused(span: Span, status: int, code: str, why: str | None) -> None:
    """Note a refusal, and say it in the log with its reason."""
    span.note(status=status, error=code, **({"why": why} if why else {}))
    if why:
        _log.info("%s: %s %s: %s", span.name, status, code, why)
