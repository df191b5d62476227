"""The span of a request, and what stays of it in the log."""

import logging

from habitr_emulator.gateway.exchange import exchange
from habitr_emulator.kernel.trace import RequestLog, Span
from habitr_emulator.wire.http import Request, Response

_log = logging.getLogger("habitr_emulator.requests")


class Traced:
    """A span named after method and path, kept when it ends; query strings carry signatures and stay out."""

    __slots__ = ("_at", "_log", "_request", "_request_id", "_span", "response")

    def __init__(self, request: Request, request_id: str, log: RequestLog, at: float) -> None:
        self._span = Span(f"{request.method} {request.raw_path}")
        self._request, self._request_id, self._log, self._at = request, request_id, log, at
        #: The answer, to be set before the end. One of the emulator's own endpoints is not kept.
        self.response: Response | None = None

    def __enter__(self) -> Span:
        return self._span

    def __exit__(self, *error: object) -> None:
        self._span.__exit__(*error)
        if self._span.facts.pop("own", False):
            return
        kept = None if self.response is None else exchange(self._request, self.response, self._at)
        self._log.keep(self._request_id, self._span, kept)


def refused(span: Span, status: int, code: str, why: str | None) -> None:
    """Note a refusal, and say it in the log with its reason."""
    span.note(status=status, error=code, **({"why": why} if why else {}))
    if why:
        _log.info("%s: %s %s: %s", span.name, status, code, why)
