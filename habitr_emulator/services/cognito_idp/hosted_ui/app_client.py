"""The hosted UI as a client of the user pool's own API, for the app whose browser it serves."""

import base64
import hashlib
import hmac
from typing import Any, cast

from habitr_emulator.services.cognito_idp.hosted_ui.authorization import Authorization
from habitr_emulator.services.cognito_idp.hosted_ui.visit import Visit
from habitr_emulator.services.cognito_idp.pools import Client
from habitr_emulator.services.cognito_idp.sign_in import Answer, Attempt
from habitr_emulator.services.cognito_idp.triggers import Occasion
from habitr_emulator.wire import model
from habitr_emulator.wire.json_shapes import read
from habitr_emulator.wire.refusals import invalid_input


class BrowserAttempt(Attempt):
    """A sign-in in a browser: what it ends in is the user, who goes back to the app with a code."""

    __slots__ = ()

    async def signed_in(self, occasion: Occasion, source: str) -> Answer:
        """The answer to a sign-in that passed everything; the app fetches its tokens itself."""
        return {"SignedIn": occasion.user}


def attempt(visit: Visit, asked: Authorization, username: str, **parameters: str) -> BrowserAttempt:
    """One step of a sign-in; ``session`` of the form goes along."""
    given = {"USERNAME": username, **parameters, **secret_hash(asked.client, username, "SECRET_HASH")}
    session = visit.form.get("session")
    return BrowserAttempt(visit.ctx, asked.pool, asked.client, given, session=session)


async def call(visit: Visit, name: str, **request: Any) -> dict[str, Any]:
    """Call a public operation (``SignUp``), whose request is validated as if it had come over the wire.

    Raises AwsError.
    """
    operation = model.service("cognito-idp").operations[name]
    assert operation.input is not None
    try:
        parsed = read(operation.input, request)
    except (model.InvalidInput, model.UnparsableInput) as broken:
        raise invalid_input(operation.service, broken) from broken
    made = getattr(visit.ctx.services.cognito_idp, operation.snake)
    return cast("dict[str, Any]", await made(parsed))


def secret_hash(client: Client, username: str, name: str = "SecretHash") -> dict[str, str]:
    """The secret hash that a client with a secret must send, under the name that the request has for it."""
    if not client.secrets:
        return {}
    proof = hmac.digest(client.secrets[0].encode(), (username + client.id).encode(), hashlib.sha256)
    return {name: base64.b64encode(proof).decode()}
