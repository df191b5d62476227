"""CUSTOM_AUTH: the pool's functions decide what is asked, and when it is enough.

https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-challenge.html
"""

from typing import Any

from habitr_emulator.services.cognito_idp import users
from habitr_emulator.services.cognito_idp.errors import (
    InvalidLambdaResponseException,
    InvalidParameterException,
    NotAuthorizedException,
)
from habitr_emulator.services.cognito_idp.flows.user_srp_auth import password_verifier_parameters, public_value
from habitr_emulator.services.cognito_idp.sign_in import Answer, Attempt, check_enabled, complete
from habitr_emulator.services.cognito_idp.triggers import expect, function_of
from habitr_emulator.services.cognito_idp.triggers.create_auth_challenge import create_auth_challenge
from habitr_emulator.services.cognito_idp.triggers.define_auth_challenge import define_auth_challenge
from habitr_emulator.services.cognito_idp.users import User

_KEYS = ("DefineAuthChallenge", "CreateAuthChallenge", "VerifyAuthChallengeResponse")


async def custom_auth(attempt: Attempt) -> Answer:
    """Ask DefineAuthChallenge what comes first: a challenge, or (with SRP_A) the password.

    A client that hides unknown users lets the triggers run for them, too; they end in a refusal.

    Raises InvalidParameterException if the pool has none of the three triggers, and what ``decide`` raises.
    """
    if not any(function_of(attempt.pool, key) for key in _KEYS):
        raise InvalidParameterException("Custom auth lambda trigger is not configured for the user pool.")
    username = attempt.parameter("USERNAME")
    attempt.check_secret_hash(username)
    user = attempt.find_user(username) or users.stranger(attempt.ctx, attempt.pool, username)
    with_password = attempt.parameters.get("CHALLENGE_NAME") == "SRP_A"
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
            raise NotAuthorizedException(why=f"the pool has no user {user.username}")
        return await complete(attempt, user)
    name = expect("DefineAuthChallenge", answer.get("challengeName"), str)
    if name == "CUSTOM_CHALLENGE":
        return await _ask(attempt, user, past)
    if name == "PASSWORD_VERIFIER" and past and past[-1]["challengeName"] == "SRP_A":
        a_public = public_value(attempt)
        parameters = await password_verifier_parameters(attempt, user, user.username, a_public, custom=True)
        return {"ChallengeName": name, "ChallengeParameters": parameters}
    raise InvalidLambdaResponseException(why=f"the DefineAuthChallenge trigger asks for {name}")


async def _ask(attempt: Attempt, user: User, past: list[dict[str, Any]]) -> Answer:
    answer = await create_auth_challenge(attempt.occasion(user), "CUSTOM_CHALLENGE", past)
    public = expect("CreateAuthChallenge", answer.get("publicChallengeParameters"), dict) or {}
    kept = {
        "private": expect("CreateAuthChallenge", answer.get("privateChallengeParameters"), dict) or {},
        "metadata": expect("CreateAuthChallenge", answer.get("challengeMetadata"), str),
        "past": past,
    }
    return await attempt.challenge(user, "CUSTOM_CHALLENGE", {**public, "USERNAME": user.username}, kept)
