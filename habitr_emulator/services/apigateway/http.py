"""The execute-api edge: one HTTP request to a REST API, from route to answer.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-to-api.html
"""

import asyncio
import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.kernel.ids import derived_base36
from habitr_emulator.services.apigateway import errors, proxy_event
from habitr_emulator.services.apigateway.routes import Address, Match, RestApis, address_of, match
from habitr_emulator.services.apigateway.spec import RestApi, Route
from habitr_emulator.services.context import Context
from habitr_emulator.wire.http import Request, Response
from habitr_emulator.wire.refusals import refuse

#: How long an integration may take, in seconds.
INTEGRATION_SECONDS = 29.0
MAXIMUM_BODY = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Call:
    """A request whose resource and method exist."""

    request: Request
    context: Context
    api: RestApi
    address: Address
    match: Match
    route: Route


async def handle(request: Request, context: Context) -> Response:
    """Answer a request for ``/{stage}/…``, ``/restapis/{api}/{stage}/_user_request_/…`` or an execute-api host."""
    context.protocol = "execute-api"
    address = address_of(request)
    api = context.account.part(RestApis).find(address)
    if api is None:
        answer = errors.answer(errors.FORBIDDEN, f"no REST API has the stage {address.stage!r}")
    else:
        answer = await _resource(request, context, api, address)
    answer.headers.setdefault("x-amzn-requestid", context.request_id)
    answer.headers.setdefault("x-amz-apigw-id", _extended_request_id(context))
    return answer


async def _resource(request: Request, context: Context, api: RestApi, address: Address) -> Response:
    found = match(api, address.path)
    if found is not None and request.method == "OPTIONS" and "OPTIONS" not in found.methods:
        return Response(200, {**errors.CORS_HEADERS, "content-type": "application/json"}, b"{}")
    route = found.route(request.method) if found is not None else None
    if found is None or route is None:
        why = f"the API {api.name} has no route for {request.method} {address.path}"
        return errors.answer(errors.MISSING_AUTHENTICATION_TOKEN, why)
    if len(request.body) > MAXIMUM_BODY:
        return errors.answer(errors.REQUEST_TOO_LARGE, f"API Gateway takes bodies of up to {MAXIMUM_BODY} bytes")
    call = _Call(request, context, api, address, found, route)
    return _refusal(call) or _without_key(call) or await _integrate(call)


def _refusal(call: _Call) -> Response | None:
    """Why the caller may not call the route. An open route asks for nothing, whatever signature came along."""
    if call.route.authorization == "AWS_IAM":
        return _by_policies(call)
    if call.route.authorization == "COGNITO_USER_POOLS":
        return _by_token(call)
    return None


def _by_token(call: _Call) -> Response | None:
    caller, pool, scopes = call.context.caller, call.route.user_pool_id, call.route.scopes
    if caller.kind == "token" and caller.user_pool_id == pool:
        if not scopes and caller.claims.get("token_use") == "id":
            return None
        if set(scopes) & set(str(caller.claims.get("scope", "")).split()):
            return None
    expired = caller.conditions.get("invalid_token") == "expired"
    wanted = f"an access token with one of {', '.join(scopes)}" if scopes else "an ID token"
    why = caller.conditions.get("why") or f"the route wants {wanted} of the user pool: {pool}"
    return errors.answer(errors.EXPIRED_TOKEN if expired else errors.UNAUTHORIZED, str(why))


def _without_key(call: _Call) -> Response | None:
    """Why the usage plan lets nobody in who has no key of it."""
    if not call.route.api_key_required or _api_key(call):
        return None
    return errors.answer(errors.FORBIDDEN, "the route wants an API key of the usage plan in x-api-key")


def _api_key(call: _Call) -> str:
    """The key that came along, if it is one of the API's."""
    given = call.request.headers.get("x-api-key").encode()
    return next((key for key in call.api.api_keys if compare_digest(key.encode(), given)), "")


def _by_policies(call: _Call) -> Response | None:
    caller = call.context.caller
    if caller.kind == "other" and call.request.headers.get("authorization").startswith("AWS4-"):
        return errors.refused(refuse(caller.credential, "execute-api", why=str(caller.conditions.get("why"))))
    if caller.kind != "signed":
        return errors.answer(errors.MISSING_AUTHENTICATION_TOKEN, "the route wants a signed request")
    resource = f"{call.api.api_id}/{call.api.stage}/{call.request.method}{call.address.path}"
    try:
        call.context.authorize("execute-api:Invoke", call.context.account.arn("execute-api", resource))
    except AwsError as error:
        return errors.access_denied(error)
    return None


async def _integrate(call: _Call) -> Response:
    """Invoke the function and wait for it, but not for ever: it then runs on, and nobody hears its answer."""
    facts = _facts(call)
    event = proxy_event.event(call.request, call.api, call.match, facts)
    name = call.route.function_name
    request = {"FunctionName": name, "Payload": json.dumps(event, ensure_ascii=False).encode()}
    running = asyncio.ensure_future(call.context.services.lambda_.invoke(request))
    done, _ = await asyncio.wait({running}, timeout=INTEGRATION_SECONDS)
    if not done:
        call.context.account.bus.spawn(running)
        return errors.answer(errors.INTEGRATION_TIMEOUT, f"{name} took longer than {INTEGRATION_SECONDS:g} s")
    try:
        result = running.result()
    except AwsError as error:
        return errors.answer(errors.INTERNAL_ERROR, f"{name} cannot be invoked: {error.why or error.message}")
    answer = _answer(call, result)
    answer.headers.setdefault("x-amzn-trace-id", facts.trace_id)
    return answer


def _answer(call: _Call, result: Mapping[str, Any]) -> Response:
    name = call.route.function_name
    if result.get("FunctionError"):
        return errors.answer(errors.BAD_INTEGRATION, f"{name} failed: {_error_message(result['Payload'])}")
    made = proxy_event.response(result["Payload"], call.request.headers.get("accept"), call.api)
    if made is None:
        why = f"{name} did not answer an object with statusCode, headers and body (a string)"
        return errors.answer(errors.BAD_INTEGRATION, why)
    return made


def _error_message(payload: bytes) -> str:
    try:
        body = json.loads(payload)
    except ValueError:
        return "no JSON"
    return str(body.get("errorMessage")) if isinstance(body, dict) else str(body)


def _facts(call: _Call) -> proxy_event.Facts:
    context, api = call.context, call.api
    return proxy_event.Facts(
        account_id=context.account.account_id,
        request_id=context.request_id,
        extended_request_id=_extended_request_id(context),
        now=context.clock.now(),
        source_ip=context.source_ip,
        path=call.address.path,
        resource_id=derived_base36(6, "apigateway-resource", api.api_id, call.match.resource),
        domain_name=f"{api.api_id}.execute-api.{context.account.region}.amazonaws.com",
        identity=(_identity(call) if call.route.authorization == "AWS_IAM" else {}) | _key_identity(call),
        authorizer=_authorizer(call),
    )


def _identity(call: _Call) -> dict[str, Any]:
    """Who signed, as ``requestContext.identity`` tells a function."""
    caller = call.context.caller
    made: dict[str, Any] = {
        "accountId": call.context.account.account_id,
        "accessKey": caller.access_key_id,
        "caller": caller.user_id or None,
        "user": caller.user_id or None,
        "userArn": caller.arn,
    }
    known = caller.conditions
    if "cognito-identity.amazonaws.com:sub" in known:
        amr = known.get("cognito-identity.amazonaws.com:amr", ())
        methods = [amr] if isinstance(amr, str) else list(amr)
        made["cognitoIdentityId"] = known["cognito-identity.amazonaws.com:sub"]
        made["cognitoIdentityPoolId"] = known.get("cognito-identity.amazonaws.com:aud")
        made["cognitoAuthenticationType"] = methods[0] if methods else None
        made["cognitoAuthenticationProvider"] = ",".join(methods[1:]) or None
    return made


def _key_identity(call: _Call) -> dict[str, Any]:
    """The API key, as functions are told of it: only where the route asks for one."""
    key = _api_key(call) if call.route.api_key_required else ""
    return {"apiKey": key, "apiKeyId": derived_base36(10, "apigateway-key", key)} if key else {}


def _authorizer(call: _Call) -> dict[str, Any] | None:
    """The claims of an ID token, every value as text."""
    if call.route.authorization != "COGNITO_USER_POOLS":
        return None
    return {"claims": {name: _claim(value) for name, value in call.context.caller.claims.items()}}


def _claim(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(map(str, value))
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value) if isinstance(value, dict) else str(value)


def _extended_request_id(context: Context) -> str:
    return b64encode(context.ids.bytes(11)).decode()
