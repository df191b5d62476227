"""What a request did, as a tree of spans, kept for the request log."""

import json
import re
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

KEPT_REQUESTS = 500
KEPT_SPANS = 400
#: Of one value, as JSON.
SHOWN_CHARACTERS = 2000
_HIDDEN = r"passw|secret|authorization|credential|api-?_?key|(?<!next)token"
_HIDDEN_NAMES = re.compile(_HIDDEN, re.IGNORECASE)
_HIDDEN_MEMBERS = re.compile(
    rf'("[^"]*(?:{_HIDDEN})[^"]*":)(?:[^"\[{{,]+|"(?:\\.|[^"\\])*"?|[\[{{].*)', re.IGNORECASE
)


class Snapshot:
    """A value as it is now, cut to what a trace keeps. Taking one costs little; it is read when somebody looks."""

    __slots__ = ("_text",)

    def __init__(self, value: Any) -> None:
        self._text = _encoded(value)[:SHOWN_CHARACTERS]

    def shown(self) -> Any:
        """The value with its secrets hidden; as text if it was cut."""
        try:
            return _hidden(orjson.loads(self._text))
        except orjson.JSONDecodeError:
            return _HIDDEN_MEMBERS.sub(r'\1"(hidden)"', self._text.decode("utf-8", "ignore")) + "…"


def _encoded(value: Any) -> bytes:
    try:
        return orjson.dumps(value, default=_told, option=orjson.OPT_NON_STR_KEYS)
    except (orjson.JSONEncodeError, RecursionError):
        pass  # integers beyond 64 bits, lone surrogates: the careful way
    try:
        return json.dumps(value, default=_told, separators=(",", ":")).encode()
    except (TypeError, ValueError, RecursionError):
        return b'"(cannot be shown)"'


def _told(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else str(value)


def _hidden(value: Any) -> Any:
    if isinstance(value, list):
        return [_hidden(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: "(hidden)" if item is not None and _HIDDEN_NAMES.search(name) else _hidden(item)
        for name, item in value.items()
    }


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
            facts = self.facts.items()
            shown["facts"] = {name: v.shown() if isinstance(v, Snapshot) else v for name, v in facts}
        if self.children:
            shown["steps"] = [child.tree() for child in self.children]
        return shown


@dataclass(frozen=True, slots=True)
class Kept:
    """A finished request; ``exchange`` is what the gateway kept of the request and its answer."""

    request_id: str
    span: Span
    exchange: Any = None

    def tree(self) -> dict[str, Any]:
        """The request as JSON, with every step."""
        return {"requestId": self.request_id, **self.span.tree()}


class RequestLog:
    """The last ``KEPT_REQUESTS`` requests. ``listeners`` are told of each one that ends."""

    def __init__(self) -> None:
        self._kept: deque[Kept] = deque(maxlen=KEPT_REQUESTS)
        self.listeners: list[Callable[[Kept], None]] = []

    def keep(self, request_id: str, span: Span, exchange: Any = None) -> None:
        """Remember a finished request."""
        kept = Kept(request_id, span, exchange)
        self._kept.append(kept)
        for listener in self.listeners:
            listener(kept)

    def clear(self) -> None:
        """Forget every request."""
        self._kept.clear()

    def newest(self, count: int = KEPT_REQUESTS) -> list[Kept]:
        """The newest requests, newest first."""
        return list(reversed(list(self._kept)[-count:]))

    def one(self, request_id: str) -> Kept | None:
        """One request by its id."""
        return next((kept for kept in self._kept if kept.request_id == request_id), None)

    def latest(self, count: int = KEPT_REQUESTS) -> list[dict[str, Any]]:
        """The newest requests as JSON, newest first."""
        return [kept.tree() for kept in self.newest(count)]

    def find(self, request_id: str) -> dict[str, Any] | None:
        """One request by its id, as JSON."""
        found = self.one(request_id)
        return found.tree() if found else None
