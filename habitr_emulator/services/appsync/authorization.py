"""Who asks a GraphQL API: the authentication mode of a request, ``$ctx.identity``, and what fields it may use.

The mode follows from the shape of the credentials, never from trial. What the gateway has proved (signatures,
tokens) is in ``context.caller``; API keys and Lambda tokens are judged here.
https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html
"""

import hmac
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.appsync import oidc
from habitr_emulator.services.appsync.errors import (
    AccessDeniedException,
    UnauthorizedException,
    UnrecognizedClientException,
)
from habitr_emulator.services.appsync.lambda_authorizer import LambdaDecisions, decide
from habitr_emulator.services.appsync.spec import AuthMode, GraphqlApi
from habitr_emulator.services.context import Context

if TYPE_CHECKING:
    from habitr_emulator.services.appsync.schema import Schema

COGNITO, API_KEY, IAM = "AMAZON_COGNITO_USER_POOLS", "API_KEY", "AWS_IAM"
OIDC, LAMBDA = "OPENID_CONNECT", "AWS_LAMBDA"


@dataclass(frozen=True, slots=True)
class Requester:
    """A caller that an API has accepted. ``identity`` is ``$ctx.identity``; ``denied`` are (type, field) pairs
    that a Lambda authorizer or an IAM policy takes away. ``expires`` is when the credentials end, by the
    emulator's clock; None is never.
    """

    mode: str
    identity: Mapping[str, Any] | None = None
    groups: frozenset[str] = frozenset()
    denied: frozenset[tuple[str, str]] = frozenset()
    expires: float | None = None

    def told(self) -> dict[str, Any]:
        """The decision as a trace tells it."""
        who = self.identity or {}
        names = {name: who[name] for name in ("username", "sub", "userArn") if who.get(name)}
        denied = {"denied": sorted(".".join(pair) for pair in self.denied)} if self.denied else {}
        return {"auth": self.mode, **names, **denied}

    def kind(self, schema: "Schema") -> tuple[Any, ...]:
        """What a plan depends on: callers of one kind see the same fields."""
        return (self.mode, self.groups & schema.groups, self.denied)

    def allowed(self, schema: "Schema") -> Callable[[str, str], bool]:
        """May this caller use a field? As a function of (type name, field name)."""
        return lambda type_name, name: (
            (type_name, name) not in self.denied and schema.allows(type_name, name, self.mode, self.groups)
        )


async def authenticate(
    api: GraphqlApi, context: Context, query: Mapping[str, Any], decisions: LambdaDecisions
) -> Requester:
    """Accept ``context.caller`` or raise the refusal (UnauthorizedException …) with its reason in ``why``.

    ``query`` are the members ``query``, ``operationName`` and ``variables`` of the request, for the authorizer.
    """
    caller = context.caller
    if caller.kind == "anonymous":
        raise UnauthorizedException(
            "Missing authorization header", why="the request has neither x-api-key nor Authorization"
        )
    if caller.kind == "api_key":
        return _by_key(api, context)
    if caller.kind == "token":
        return _by_token(api, context)
    if caller.kind in ("signed", "service"):
        return _by_signature(api, context)
    return await _by_other(api, context, query, decisions)


def _mode(api: GraphqlApi, kind: str, fits: Callable[[AuthMode], bool] = lambda _: True) -> AuthMode:
    for mode in api.auth_modes:
        if mode.type == kind and fits(mode):
            return mode
    listed = ", ".join(mode.type for mode in api.auth_modes)
    raise UnauthorizedException(why=f"API {api.name} does not take {kind} for this caller; its modes are {listed}")


def _by_key(api: GraphqlApi, context: Context) -> Requester:
    _mode(api, API_KEY)
    given = context.caller.credential.encode(errors="replace")
    found = [key for key in api.api_keys if hmac.compare_digest(key.id.encode(), given)]
    if not found:
        raise UnauthorizedException(why=f"API {api.name} has no such API key")
    if found[0].expires is not None and found[0].expires <= context.clock.now():
        raise UnauthorizedException(why="the API key has expired, by the emulator's clock")
    return Requester(API_KEY, expires=found[0].expires)


def _by_token(api: GraphqlApi, context: Context) -> Requester:
    caller = context.caller
    claims = caller.claims
    for mode in api.auth_modes:
        if mode.type == COGNITO and mode.user_pool_id == caller.user_pool_id:
            oidc.judge(claims, mode, context.clock.now())
            groups = frozenset(claims.get("cognito:groups") or ())
            return Requester(COGNITO, _cognito_identity(context, mode), groups, expires=claims.get("exp"))
        if mode.type == OIDC and _same_issuer(mode, str(claims.get("iss", ""))):
            return _by_claims(claims, mode, context)
    raise UnauthorizedException(
        why=f"the token is of user pool {caller.user_pool_id}, which API {api.name} does not trust"
    )


def _same_issuer(mode: AuthMode, issuer: str) -> bool:
    return (mode.issuer or "").rstrip("/") == issuer.rstrip("/")


def _by_claims(claims: Mapping[str, Any], mode: AuthMode, context: Context) -> Requester:
    oidc.judge(claims, mode, context.clock.now())
    identity = {"sub": claims.get("sub"), "issuer": claims.get("iss"), "claims": dict(claims)}
    return Requester(OIDC, identity, expires=claims.get("exp"))


def _cognito_identity(context: Context, mode: AuthMode) -> dict[str, Any]:
    claims = context.caller.claims
    groups = claims.get("cognito:groups")
    return {
        "sub": claims.get("sub"),
        "issuer": claims.get("iss"),
        "username": claims.get("username", claims.get("cognito:username")),
        "claims": dict(claims),
        "sourceIp": [context.source_ip],
        "defaultAuthStrategy": mode.default_action,
        "groups": list(groups) if groups else None,
    }


def _by_signature(api: GraphqlApi, context: Context) -> Requester:
    _mode(api, IAM)
    caller = context.caller
    conditions = caller.conditions
    pool = conditions.get("cognito-identity.amazonaws.com:aud")
    amr = conditions.get("cognito-identity.amazonaws.com:amr")
    strength = [amr] if isinstance(amr, str) else list(amr or ())
    return Requester(
        IAM,
        {
            "accountId": context.account.account_id,
            "cognitoIdentityPoolId": pool,
            "cognitoIdentityId": conditions.get("cognito-identity.amazonaws.com:sub"),
            "sourceIp": [context.source_ip],
            "username": caller.user_id or caller.access_key_id,
            "userArn": caller.arn,
            "cognitoIdentityAuthType": next((item for item in strength if item.endswith("authenticated")), None),
            "cognitoIdentityAuthProvider": ",".join(f'"{item}"' for item in strength[1:]) or None,
        },
    )


async def _by_other(
    api: GraphqlApi, context: Context, query: Mapping[str, Any], decisions: LambdaDecisions
) -> Requester:
    caller = context.caller
    invalid, why = str(caller.conditions.get("invalid_token", "")), str(caller.conditions.get("why", ""))
    token = caller.credential.removeprefix("Bearer ").strip()
    if token.startswith("AWS4-HMAC-SHA256"):
        raise UnrecognizedClientException(why=why or "the signature names an access key that does not exist")
    if invalid == "expired":  # of a user pool of this account
        raise UnauthorizedException("Token has expired.", why=why or "the token's exp has passed")
    if _is_jwt(token):
        issuer = oidc.issuer_of(token)
        for mode in api.auth_modes:
            if mode.type == OIDC and _same_issuer(mode, issuer):
                return _by_claims(await oidc.claims_of(token, mode, context), mode, context)
        if any(mode.type in (COGNITO, OIDC) for mode in api.auth_modes):
            raise UnauthorizedException(why=why or "the token is not one that this API can verify")
    if not any(mode.type == LAMBDA for mode in api.auth_modes):
        raise UnauthorizedException(why=_no_way_in(api, token))
    decision = await decide(api, _mode(api, LAMBDA), context, query, decisions)
    return Requester(LAMBDA, decision.identity, denied=decision.denied)


def _no_way_in(api: GraphqlApi, token: str) -> str:
    modes = ", ".join(mode.type for mode in api.auth_modes)
    if _is_jwt(token):
        return f"API {api.name} takes no tokens; its modes are {modes}"
    return f"the Authorization is no JWT, and API {api.name} has no Lambda authorizer; its modes are {modes}"


def _is_jwt(token: str) -> bool:
    return token.startswith("ey") and token.count(".") == 2


def restrict(
    requester: Requester, api: GraphqlApi, fields: Iterable[tuple[str, str]], context: Context
) -> Requester:
    """For IAM callers: take away the root fields that their policies do not allow (``appsync:GraphQL``).

    Raises AccessDeniedException if none is left.
    """
    if requester.mode != IAM or context.caller.kind == "service":
        return requester
    asked = list(dict.fromkeys(fields))
    refused = [pair for pair in asked if not _policies_allow(api, pair, context)]
    if asked and len(refused) == len(asked):
        raise AccessDeniedException(
            why=f"no policy of {context.caller.arn} allows appsync:GraphQL on these fields"
        )
    return replace(requester, denied=requester.denied | set(refused))


def _policies_allow(api: GraphqlApi, pair: tuple[str, str], context: Context) -> bool:
    resource = context.account.arn("appsync", f"apis/{api.api_id}/types/{pair[0]}/fields/{pair[1]}")
    try:
        context.authorize("appsync:GraphQL", resource)
    except AwsError:
        return False
    return True
