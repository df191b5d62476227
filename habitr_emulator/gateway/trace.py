"""The span of a request, and what stays of it in the log."""

import logging

from habitr_emulator.kernel.trace import RequestLog, Span
from habitr_emulator.wire.http import Request

_log = logging.getLogger("habitr_emulator.requests")


class Traced:
    """A span named after method and path, kept when it ends; query strings carry signatures and stay out."""

    __slots__ = ("_log", "_request_id", "_span")

    def __init__(self, request: Request, request_id: str, log: RequestLog) -> None:
        self._span = Span(f"{request.method} {request.raw_path}")
        self._request_id, self._log = request_id, log

    def __enter__(self) -> Span:
        return self._span

    def __exit__(self, *error: object) -> None:
        self._span.__exit__(*error)
        self._log.keep(self._request_id, self._span)


def refused(span: Span, status: int, code: str, why: str | None) -> None:
    """Note a refusal, and say it in the log with its reason."""
    span.note(status=status, error=code, **({"why": why} if why else {}))
    if why:
        _log.info("%s: %s %s: %s", span.name, status, code, why)
