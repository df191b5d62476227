"""What a request did, as a tree of spans, kept for the request log."""

import time
from collections import deque
from typing import Any

KEPT_REQUESTS = 500
KEPT_SPANS = 400


class Span:
    """One step: a name, facts about it, its duration in milliseconds and the steps inside it."""

    __slots__ = ("budget", "children", "facts", "milliseconds", "name", "started")

    def __init__(self, name: str, budget: list[int] | None = None) -> None:
        self.name = name
        self.facts: dict[str, Any] = {}
        self.children: list[Span] = []
        self.started = time.perf_counter()
        self.milliseconds = 0.0
        self.budget = [KEPT_SPANS] if budget is None else budget

    def note(self, **facts: Any) -> None:
        """Remember facts. Never secrets: no tokens, passwords, codes or keys."""
        self.facts.update(facts)

    def child(self, name: str) -> "Span":
        """A step inside this one, for a ``with`` block. Past ``KEPT_SPANS`` a tree takes no more."""
        span = Span(name, self.budget)
        if self.budget[0] > 0:
            self.budget[0] -= 1
            self.children.append(span)
        return span

    def __enter__(self) -> "Span":
        return self

    def __exit__(self, *_: object) -> None:
        """Fix the duration."""
        self.milliseconds = (time.perf_counter() - self.started) * 1000

    def tree(self) -> dict[str, Any]:
        """The span as JSON."""
        shown: dict[str, Any] = {"name": self.name, "milliseconds": round(self.milliseconds, 3)}
        if self.facts:
            shown["facts"] = self.facts
        if self.children:
            shown["steps"] = [child.tree() for child in self.children]
        return shown


class RequestLog:
    """The last ``KEPT_REQUESTS`` requests."""

    def __init__(self) -> None:
        self._kept: deque[tuple[str, Span]] = deque(maxlen=KEPT_REQUESTS)

    def keep(self, request_id: str, span: Span) -> None:
        """Remember a finished request."""
        self._kept.append((request_id, span))

    def latest(self, count: int = KEPT_REQUESTS) -> list[dict[str, Any]]:
        """The newest requests, newest first."""
        kept = list(self._kept)[-count:]
        return [{"requestId": request_id, **span.tree()} for request_id, span in reversed(kept)]

    def find(self, request_id: str) -> dict[str, Any] | None:
        """One request by its id."""
        for kept_id, span in self._kept:
            if kept_id == request_id:
                return {"requestId": kept_id, **span.tree()}
        return None
