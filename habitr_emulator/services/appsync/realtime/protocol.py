"""The realtime protocol (sub-protocol ``graphql-ws``) without a socket: frames in, events out.

The state is a table of ids. Everything that changes it is in this file; what takes time (authorizing a start,
running its resolver) is an event that the owner of the socket answers with ``accept`` or ``refuse``.
https://docs.aws.amazon.com/appsync/latest/devguide/real-time-websocket-client.html
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

#: The client reconnects when it hears nothing for this long.
CONNECTION_TIMEOUT_MS: Final = 300_000
KEEP_ALIVE_SECONDS: Final = 60.0
LIFETIME_SECONDS: Final = 24 * 3600.0
MOST_SUBSCRIPTIONS: Final = 100
UNAUTHORIZED: Final = "You are not authorized to make this call."


@dataclass(frozen=True, slots=True)
class Send:
    """Send a text frame."""

    text: str


@dataclass(frozen=True, slots=True)
class Begin:
    """A client wants to subscribe: ``data`` is the request's JSON text, ``authorization`` its header names
    (lower case) and values. Answer with ``accept`` or ``refuse``.
    """

    id: str
    data: str
    authorization: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class End:
    """The subscription ``id`` is over."""

    id: str


@dataclass(frozen=True, slots=True)
class Close:
    """Close the socket."""

    code: int
    reason: str


Event = Send | Begin | End | Close


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a connection is refused: what ``connection_error`` says."""

    error_type: str | None
    message: str
    code: int

    def error(self) -> dict[str, Any]:
        """The member of ``errors``."""
        named = {"errorType": self.error_type} if self.error_type else {}
        return {**named, "message": self.message, "errorCode": self.code}


UNSUPPORTED_PROTOCOL: Final = Refusal(None, "SubProtocolNotSupportedError", 400)
UNAUTHORIZED_CONNECTION: Final = Refusal("UnauthorizedException", UNAUTHORIZED, 401)
KEEP_ALIVE: Final = '{"type":"ka"}'
_ACK: Final = orjson.dumps(
    {"type": "connection_ack", "payload": {"connectionTimeoutMs": CONNECTION_TIMEOUT_MS}}
).decode()


def unsupported(what: str) -> dict[str, Any]:
    """The error for something that is no subscription (``query``, ``mutation``, ``unknown``)."""
    return {"errorType": "UnsupportedOperation", "message": f"{what} not supported through the realtime channel"}


def unauthorized(message: str = UNAUTHORIZED) -> dict[str, Any]:
    """The error for a start whose credentials are not good."""
    return {"errorType": "UnauthorizedException", "message": message, "errorCode": 401}


class Protocol:
    """One connection. A refused one says so when the client speaks, then closes."""

    def __init__(self, refusal: Refusal | None = None, most: int = MOST_SUBSCRIPTIONS) -> None:
        self._refusal = refusal
        self._most = most
        self._live: dict[str, bool] = {}  # id -> has it been accepted?

    def receive(self, text: str) -> list[Event]:
        """What a text frame of the client leads to."""
        if self._refusal is not None:
            return self.refuse_connection()
        try:
            message = orjson.loads(text)
        except orjson.JSONDecodeError:
            return [self._error("", [unsupported("unknown")])]
        if not isinstance(message, dict):
            return [self._error("", [unsupported("unknown")])]
        kind = message.get("type")
        if kind == "connection_init":
            return [Send(_ACK), Send(KEEP_ALIVE)]
        id_ = message.get("id")
        if not isinstance(id_, str) or kind not in ("start", "stop"):
            return [self._error(id_ if isinstance(id_, str) else "", [unsupported("unknown")])]
        return self._start(id_, message.get("payload")) if kind == "start" else self._stop(id_)

    def refuse_connection(self) -> list[Event]:
        """Tell the refusal and close (also when a refused client stays silent)."""
        assert self._refusal is not None
        frame = {"type": "connection_error", "payload": {"errors": [self._refusal.error()]}}
        return [Send(orjson.dumps(frame).decode()), Close(1008, self._refusal.message)]

    def _start(self, id_: str, payload: Any) -> list[Event]:
        replaced: list[Event] = [End(id_)] if self._live.pop(id_, None) is not None else []
        data, authorization = _start_members(payload)
        if data is None:
            return [*replaced, self._error(id_, [unsupported("unknown")])]
        if authorization is None:
            return [*replaced, self._error(id_, [unauthorized()])]
        if len(self._live) >= self._most:
            text = f"Max number of {self._most} subscriptions reached"
            return [*replaced, self._error(id_, [{"errorType": "MaxSubscriptionsReachedError", "message": text}])]
        self._live[id_] = False
        return [*replaced, Begin(id_, data, authorization)]

    def _stop(self, id_: str) -> list[Event]:
        if self._live.pop(id_, None) is None:
            # guess: the service's wording for an id that is not live
            unknown = {"errorType": "UnknownOperationError", "message": f"Unknown operation id {id_}"}
            return [self._error(id_, [unknown])]
        return [End(id_), Send(_frame(id_, "complete"))]

    def accept(self, id_: str) -> list[Event]:
        """A start succeeded; nothing if the client has stopped it meanwhile."""
        if id_ not in self._live:
            return []
        self._live[id_] = True
        return [Send(_frame(id_, "start_ack"))]

    def refuse(self, id_: str, errors: Sequence[Mapping[str, Any]], data: Any = None) -> list[Event]:
        """A start failed; ``data`` accompanies errors of the field itself."""
        if self._live.pop(id_, None) is None:
            return []
        return [self._error(id_, errors, data)]

    def data(self, id_: str, payload: str) -> list[Event]:
        """An event for a subscriber: ``payload`` is encoded once for all who selected the same."""
        if not self._live.get(id_):
            return []
        return [Send(f'{{"id":{_text(id_)},"type":"data","payload":{payload}}}')]

    def complete(self, id_: str) -> list[Event]:
        """The server ends a subscription."""
        return [Send(_frame(id_, "complete"))] if self._live.pop(id_, None) is not None else []

    def _error(self, id_: str, errors: Sequence[Mapping[str, Any]], data: Any = None) -> Send:
        payload = {"errors": list(errors)} if data is None else {"data": data, "errors": list(errors)}
        return Send(orjson.dumps({"id": id_, "type": "error", "payload": payload}).decode())


def _text(value: str) -> str:
    return orjson.dumps(value).decode()


def _frame(id_: str, kind: str) -> str:
    return f'{{"id":{_text(id_)},"type":"{kind}"}}'


def _start_members(payload: Any) -> tuple[str | None, dict[str, str] | None]:
    """The request's text and the authorization's headers; None for what is missing or of the wrong kind."""
    if not isinstance(payload, dict) or not isinstance(payload.get("data"), str):
        return None, None
    extensions = payload.get("extensions")
    authorization = extensions.get("authorization") if isinstance(extensions, dict) else None
    return payload["data"], headers_of(authorization)


def headers_of(blob: Any) -> dict[str, str] | None:
    """An authorization object as headers with lower-case names, or None if it is none."""
    if not isinstance(blob, dict) or not all(isinstance(value, str) for value in blob.values()):
        return None
    return {name.lower(): value for name, value in blob.items()}
