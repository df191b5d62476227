"""CUSTOM_AUTH: the pool's functions decide what is asked, and when it is enough.

https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-challenge.html
"""

from typing import Any

from habitr_emulator.services.cognito_idp import devices, mfa, srp_exchange, strangers
from habitr_emulator.services.cognito_idp.errors import (
    InvalidLambdaResponseException,
    InvalidParameterException,
    NotAuthorizedException,
    UserNotConfirmedException,
)
from habitr_emulator.services.cognito_idp.flows.user_srp_auth import password_verifier_parameters
from habitr_emulator.services.cognito_idp.sign_in import Answer, Attempt, check_enabled, complete
from habitr_emulator.services.cognito_idp.triggers import expect, function_of
from habitr_emulator.services.cognito_idp.triggers.create_auth_challenge import create_auth_challenge
from habitr_emulator.services.cognito_idp.triggers.define_auth_challenge import define_auth_challenge
from habitr_emulator.services.cognito_idp.users import User

_KEYS = ("DefineAuthChallenge", "CreateAuthChallenge", "VerifyAuthChallengeResponse")


async def custom_auth(attempt: Attempt) -> Answer:
    """Ask DefineAuthChallenge what comes first: a challenge, or (with SRP_A) the password.

    A client that hides unknown users lets the triggers run for them, too; they end in a refusal.

    Raises InvalidParameterException if the pool has none of the three triggers, UserNotConfirmedException, and
    what ``decide`` raises.
    """
    if not any(function_of(attempt.pool, key) for key in _KEYS):
        raise InvalidParameterException("Custom auth lambda trigger is not configured for the user pool.")
    username = attempt.parameter("USERNAME")
    attempt.check_secret_hash(username)
    user = attempt.find_user(username) or strangers.stranger(attempt.ctx, attempt.pool, username)
    with_password = attempt.parameters.get("CHALLENGE_NAME") == "SRP_A"
    if with_password:
        srp_exchange.public_value(attempt)
    elif user.status == "UNCONFIRMED":
        raise UserNotConfirmedException  # guess: before the first question rather than after the last
    past = (
        [{"challengeName": "SRP_A", "challengeResult": True, "challengeMetadata": None}] if with_password else []
    )
    return await decide(attempt, user, past)


async def decide(attempt: Attempt, user: User, past: list[dict[str, Any]]) -> Answer:
    """Do what DefineAuthChallenge says after ``past``: tokens, refusal, or the next challenge.

    Raises NotAuthorizedException, InvalidLambdaResponseException and what the triggers raise.
    """
    check_enabled(user)
    occasion = attempt.occasion(user)
    answer = await define_auth_challenge(occasion, past)
    if expect("DefineAuthChallenge", answer.get("failAuthentication"), bool):
        raise NotAuthorizedException(why="the DefineAuthChallenge trigger set failAuthentication")
    if expect("DefineAuthChallenge", answer.get("issueTokens"), bool):
        if not user.sub:
            attempt.ctx.span.note(unknown_user=user.username)
            raise NotAuthorizedException
        return await complete(attempt, user)
    name = expect("DefineAuthChallenge", answer.get("challengeName"), str)
    if name == "CUSTOM_CHALLENGE":
        return await _ask(attempt, user, past)
    if name == "PASSWORD_VERIFIER" and past and past[-1]["challengeName"] == "SRP_A":
        parameters = await password_verifier_parameters(attempt, user, custom=True)
        return {"ChallengeName": name, "ChallengeParameters": parameters}
    if name and user.sub:
        attempt.carried["past"] = past
        built_in = await _built_in(attempt, user, name)
        if built_in is not None:
            return built_in
    raise InvalidLambdaResponseException(why=f"the DefineAuthChallenge trigger asks for {name}")


async def passed(attempt: Attempt, user: User, name: str, source: str) -> Answer:
    """Go on after a built-in challenge: in a custom sign-in DefineAuthChallenge decides again, else it is enough.

    ``source`` is the token trigger's source. Raises as ``decide`` and ``complete`` do.
    """
    past = attempt.carried.pop("past", None)
    if past is None:
        return await complete(attempt, user, source)
    entry = {"challengeName": name, "challengeResult": True, "challengeMetadata": None}
    return await decide(attempt, user, [*past, entry])


async def _built_in(attempt: Attempt, user: User, name: str) -> Answer | None:
    """A challenge that DefineAuthChallenge takes from Cognito itself, if the user can answer it."""
    if name == "DEVICE_SRP_AUTH":
        return await devices.challenge(attempt, user)
    if name in mfa.user_factors(attempt.pool, user):
        return await mfa.ask(attempt, user, name, "Authentication")
    return None


async def _ask(attempt: Attempt, user: User, past: list[dict[str, Any]]) -> Answer:
    answer = await create_auth_challenge(attempt.occasion(user), "CUSTOM_CHALLENGE", past)
    public = expect("CreateAuthChallenge", answer.get("publicChallengeParameters"), dict) or {}
    kept = {
        "private": expect("CreateAuthChallenge", answer.get("privateChallengeParameters"), dict) or {},
        "metadata": expect("CreateAuthChallenge", answer.get("challengeMetadata"), str),
        "past": past,
    }
    return await attempt.challenge(user, "CUSTOM_CHALLENGE", {**public, "USERNAME": user.username}, kept)
