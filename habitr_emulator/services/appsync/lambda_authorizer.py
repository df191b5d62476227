"""Lambda authorizers: a function that says who a token is and what it may not see.

https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html#aws-lambda-authorization
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.appsync.errors import UnauthorizedException
from habitr_emulator.services.appsync.spec import AuthMode, GraphqlApi
from habitr_emulator.services.appsync.vtl import java_regex
from habitr_emulator.services.context import Context


@dataclass(slots=True)
class LambdaDecisions:
    """What a Lambda authorizer said of tokens, for as long as it holds. One an API."""

    kept: dict[str, tuple[float, Mapping[str, Any]]] = field(default_factory=dict)

    MOST = 1000

    def find(self, token: str, now: float) -> Mapping[str, Any] | None:
        """A decision that still holds at ``now``."""
        until, decision = self.kept.get(token, (0.0, {}))
        return decision if until > now else None

    def keep(self, token: str, until: float, decision: Mapping[str, Any]) -> None:
        """Remember a decision until a time."""
        if len(self.kept) >= self.MOST:
            self.kept.clear()
        self.kept[token] = (until, decision)


@dataclass(frozen=True, slots=True)
class Decision:
    """A token that was let in: ``$ctx.identity``, and the (type, field) pairs that it may not see."""

    identity: Mapping[str, Any]
    denied: frozenset[tuple[str, str]]


async def decide(
    api: GraphqlApi, mode: AuthMode, context: Context, query: Mapping[str, Any], decisions: LambdaDecisions
) -> Decision:
    """Ask the authorizer, or remember what it said; raises UnauthorizedException."""
    token, now = context.caller.credential, context.clock.now()
    if mode.token_pattern and not java_regex.agrees(mode.token_pattern, token, whole=False):
        raise UnauthorizedException(why="the token does not match the API's identityValidationExpression")
    said = decisions.find(token, now)
    if said is None:
        with context.span.child(f"authorizer {mode.function_name}") as span:
            said = await _ask(api, mode, context, query)
            span.note(isAuthorized=said.get("isAuthorized"), deniedFields=said.get("deniedFields") or [])
        ttl = said.get("ttlOverride")
        lasting = mode.ttl if isinstance(ttl, bool) or not isinstance(ttl, (int, float)) else ttl
        if lasting > 0:
            decisions.keep(token, now + lasting, said)
    if said.get("isAuthorized") is not True:
        raise UnauthorizedException(why=f"the Lambda authorizer {mode.function_name} did not say isAuthorized")
    identity = {"resolverContext": dict(said.get("resolverContext") or {})}
    return Decision(identity, frozenset(_pairs(said.get("deniedFields") or ())))


def _pairs(names: Iterable[Any]) -> Iterable[tuple[str, str]]:
    """``Query.secret`` and ``arn:…/types/Query/fields/secret`` as (type, field)."""
    for name in names:
        parts = str(name).split("/")
        type_name, _, field_name = str(name).rpartition(".")
        yield (parts[-3], parts[-1]) if len(parts) >= 4 else (type_name, field_name)


async def _ask(api: GraphqlApi, mode: AuthMode, context: Context, query: Mapping[str, Any]) -> Mapping[str, Any]:
    event = {
        "authorizationToken": context.caller.credential,
        "requestContext": {
            "apiId": api.api_id,
            "accountId": context.account.account_id,
            "requestId": context.request_id,
            "queryString": query.get("query"),
            "operationName": query.get("operationName"),
            "variables": query.get("variables") or {},
        },
        "requestHeaders": dict(context.headers),
    }
    try:
        answer = await context.services.lambda_.invoke(
            {"FunctionName": mode.function_name, "Payload": orjson.dumps(event)}
        )
        said = orjson.loads(answer.get("Payload") or b"null")
    except (AwsError, ValueError) as error:
        raise UnauthorizedException(why=f"the Lambda authorizer {mode.function_name} failed: {error}") from error
    if answer.get("FunctionError") or not isinstance(said, dict):
        raise UnauthorizedException(why=f"the Lambda authorizer {mode.function_name} failed or gave no object")
    return said
