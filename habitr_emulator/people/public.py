"""The emulator's public APIs, called in process: real requests, signed and judged like any, without a socket."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import orjson

from habitr_emulator.services.context import Account, Caller
from habitr_emulator.wire.http import Headers, Request, Response
from habitr_emulator.wire.signature import ALGORITHM, Scope, Signature
from habitr_emulator.wire.signing import Reading, calculate, signing_key
from habitr_emulator.wire.validity import basic

_PARTS = {
    "app_client_id": "user pool",
    "user_pool_id": "user pool",
    "identity_pool_id": "identity pool",
    "bucket": "storage",
    "graphql_url": "GraphQL API",
    "graphql_api_key": "API key",
}
Send = Callable[[Request], Awaitable[Response]]
Prove = Callable[[Request], Caller]
_TARGETS = {
    "cognito-idp": ("AWSCognitoIdentityProviderService", "application/x-amz-json-1.1"),
    "cognito-identity": ("AWSCognitoIdentityService", "application/x-amz-json-1.1"),
    "dynamodb": ("DynamoDB_20120810", "application/x-amz-json-1.0"),
}


class Refused(Exception):
    """A service refused; ``code`` is AWS's, ``why`` the emulator's reason, if it gave one."""

    def __init__(self, code: str, message: str, why: str = "") -> None:
        super().__init__(f"{code}: {message}" + (f" ({why})" if why else ""))
        self.code, self.why = code, why


class Lacking(Exception):
    """The project has no such part: no user pool, no storage, no API."""


class GraphqlErrors(Exception):
    """A GraphQL answer with errors: ``errors`` and ``data`` are the answer's."""

    def __init__(self, errors: list[dict[str, Any]], data: Any) -> None:
        super().__init__("; ".join(str(error.get("message")) for error in errors))
        self.errors, self.data = errors, data

    @property
    def types(self) -> list[str]:
        """``errorType`` of every error."""
        return [str(error.get("errorType")) for error in self.errors]


@dataclass(frozen=True, slots=True)
class Keys:
    """What signs a request."""

    access_key_id: str
    secret_access_key: str
    session_token: str = ""


class Public:
    """The APIs of one emulator. ``send`` answers a request, ``prove`` tells who sends one to AppSync, as the
    gateway does; ``config`` is ``/_habitr/config``.
    """

    def __init__(self, send: Send, prove: Prove, config: Mapping[str, Any], account: Account) -> None:
        self._send, self.prove = send, prove
        self.config, self.account = config, account
        self.clock, self.inbox = account.clock, account.inbox
        self.host = str(config["endpoint"]).partition("://")[2]
        self.administrator = Keys(config["access_key_id"], config["secret_access_key"])

    def part(self, name: str) -> str:
        """An id of the project's, such as ``bucket``. Raises Lacking."""
        if not self.config.get(name):
            raise Lacking(f"the project has no {_PARTS[name]}")
        return str(self.config[name])

    async def call(
        self, service: str, operation: str, body: Mapping[str, Any], keys: Keys | None = None
    ) -> dict[str, Any]:
        """An operation of a service that speaks AWS JSON, signed by ``keys``, if any. Raises Refused."""
        prefix, media_type = _TARGETS[service]
        lines = [("host", self.host), ("content-type", media_type), ("x-amz-target", f"{prefix}.{operation}")]
        request = Request("POST", "/", Headers(lines), orjson.dumps(body))
        if keys is not None:
            request = self.signed(request, service, keys)
        response = await self._send(request)
        answer = _json(response)
        if response.status >= 300:
            code = str(answer.get("__type", response.status)).rpartition("#")[2]
            text = str(answer.get("message", answer.get("Message", "")))
            raise Refused(code, text, response.headers.get("x-habitr-why", ""))
        return answer

    async def admin(self, operation: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """An operation of the project's user pool, as the administrator. Raises Refused and Lacking."""
        pool = {"UserPoolId": self.part("user_pool_id")}
        return await self.call("cognito-idp", operation, pool | dict(body), self.administrator)

    async def graphql(
        self, query: str, variables: Mapping[str, Any], credential: Mapping[str, str]
    ) -> dict[str, Any]:
        """The ``data`` of a GraphQL request with a header that proves who asks. Raises GraphqlErrors, Refused
        and Lacking.
        """
        self.part("graphql_url")
        lines = [("host", self.host), ("content-type", "application/json"), *credential.items()]
        body = orjson.dumps({"query": query, "variables": variables})
        response = await self._send(Request("POST", "/graphql", Headers(lines), body))
        answer = _json(response)
        if answer.get("errors"):
            raise GraphqlErrors(answer["errors"], answer.get("data"))
        if response.status != 200:
            raise Refused(str(response.status), str(answer))
        data: dict[str, Any] = answer["data"]
        return data

    async def put_object(self, key: str, body: bytes, media_type: str, keys: Keys) -> None:
        """Put an object into the project's bucket. Raises Refused and Lacking."""
        target = f"/{self.part('bucket')}/{quote(key)}"
        lines = [("host", self.host), ("content-type", media_type), ("content-length", str(len(body)))]
        response = await self._send(self.signed(Request("PUT", target, Headers(lines), body), "s3", keys))
        if response.status != 200:
            text = response.body.decode() if isinstance(response.body, bytes) else ""
            raise Refused(str(response.status), text, response.headers.get("x-habitr-why", ""))

    def signed(self, request: Request, service: str, keys: Keys) -> Request:
        """The request with a Signature Version 4 by the real clock, as every SDK makes it."""
        now, digest = basic(self.clock.real()), hashlib.sha256(request.body).hexdigest()
        more = [("x-amz-date", now), ("x-amz-content-sha256", digest)]
        more += [("x-amz-security-token", keys.session_token)] if keys.session_token else []
        lines = [*request.headers.lines, *more]
        names = tuple(sorted(name for name, _ in lines if name != "content-length"))
        scope = Scope(now[:8], self.config["region"], service, "aws4_request")
        claim = Signature("header", keys.access_key_id, "", service == "s3", now, scope, names)
        key = signing_key(keys.secret_access_key, scope.day, scope.region, service)
        bare = Request(request.method, request.target, Headers(lines), request.body)
        made = calculate(claim, bare, key, Reading(self.host, digest))
        assert made is not None  # every signed header is there
        credential = f"Credential={keys.access_key_id}/{scope}"
        proof = f"{ALGORITHM} {credential}, SignedHeaders={';'.join(names)}, Signature={made.signature}"
        bare.headers = Headers([*lines, ("authorization", proof)])
        return bare


def _json(response: Response) -> dict[str, Any]:
    try:
        answer = orjson.loads(response.body if isinstance(response.body, bytes) else b"")
    except orjson.JSONDecodeError:
        return {}
    return answer if isinstance(answer, dict) else {}
