"""WEB_AUTHN: a passkey as first factor (USER_AUTH)."""

from collections.abc import Mapping
from typing import Any

import orjson

from habitr_emulator.services.cognito_idp import passwords, sessions
from habitr_emulator.services.cognito_idp import web_authn as registered
from habitr_emulator.services.cognito_idp.errors import InvalidParameterException, NotAuthorizedException
from habitr_emulator.services.cognito_idp.sign_in import Answer, Attempt, check_enabled, complete


async def web_authn(attempt: Attempt) -> Answer:
    """Check the signature in CREDENTIAL and sign in; a passkey needs no second factor.

    Raises InvalidParameterException, NotAuthorizedException and the WebAuthn errors.
    """
    session, user = await attempt.opened("WEB_AUTHN")
    credential = _credential(attempt.parameter("CREDENTIAL"))
    challenge = session.content["challenge"]
    found = registered.proved(attempt.ctx, attempt.pool, user, challenge, credential) if user.sub else None
    if found is None:
        await passwords.failed(attempt.ctx, attempt.pool, user)
        raise NotAuthorizedException("Incorrect username or password.", why="no passkey of the user signed this")
    check_enabled(user)
    await sessions.used(attempt.ctx, session)
    await registered.used(attempt.ctx, user, found)
    return await complete(attempt, user)


def _credential(text: str) -> Mapping[str, Any]:
    try:
        credential = orjson.loads(text)
    except ValueError as error:
        raise InvalidParameterException("CREDENTIAL is not valid JSON.") from error
    if not isinstance(credential, dict):
        raise InvalidParameterException("CREDENTIAL is not a JSON object.")
    return credential
