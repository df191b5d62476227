"""A request as a curl command that asks the same again, with the asker's own keys or token."""

import shlex

from habitr_emulator.gateway.exchange import KEPT_BODY, Exchange
from habitr_emulator.wire.detect import scope_service

#: What curl says itself, or what belonged to the old signature.
_LEFT_OUT = (
    "host",
    "content-length",
    "connection",
    "accept-encoding",
    "authorization",
    "transfer-encoding",
    "expect",
)
_SIGNED = (
    "x-amz-date",
    "x-amz-content-sha256",
    "x-amz-security-token",
    "amz-sdk-invocation-id",
    "amz-sdk-request",
)


def curl(exchange: Exchange, region: str) -> str:
    """The command. Keys and tokens are variables (AWS_ACCESS_KEY_ID, TOKEN, API_KEY …), other secrets REDACTED.

    Comments before it say where a token comes from.
    """
    request = exchange.request
    notes = []
    words = [f"curl -X {request.method} {shlex.quote(exchange.url)}"]
    authorization = request.headers.get("authorization")
    if authorization.startswith("AWS4-"):
        scope = f"aws:amz:{region}:{scope_service(request)}"
        words.append(f'--aws-sigv4 {shlex.quote(scope)} --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"')
        if "x-amz-security-token" in request.headers:
            words.append('-H "x-amz-security-token: $AWS_SESSION_TOKEN"')
    elif authorization:
        words.append('-H "authorization: $TOKEN"')
        notes.append("# TOKEN=$(habitr-emulator token NAME)   # with --use id for an ID token")
    for name, value in exchange.request_headers():
        if name == "x-api-key":
            words.append('-H "x-api-key: $API_KEY"')
            notes.append("# API_KEY is graphql_api_key of /_habitr/config, or a REST API's own")
        elif name not in _LEFT_OUT and not (authorization and name in _SIGNED):
            words.append(f"-H {shlex.quote(f'{name}: {value}')}")
    body = exchange.request_body()
    if body:
        words.append(f"--data-raw {shlex.quote(body)}")
    if len(exchange.body) == KEPT_BODY:
        notes.append("# the body is longer than what was kept")
    return "\n".join([*notes, " \\\n  ".join(words), ""])
