"""CUSTOM_CHALLENGE: an answer that the pool's function judges."""

from habitr_emulator.services.cognito_idp import sessions
from habitr_emulator.services.cognito_idp.flows.custom_auth import decide
from habitr_emulator.services.cognito_idp.sign_in import Answer, Attempt
from habitr_emulator.services.cognito_idp.triggers.verify_auth_challenge_response import (
    verify_auth_challenge_response,
)


async def custom_challenge(attempt: Attempt) -> Answer:
    """Let VerifyAuthChallengeResponse judge, then DefineAuthChallenge decide; a wrong answer is no error yet."""
    session, user = await attempt.opened("CUSTOM_CHALLENGE")
    given = attempt.parameter("ANSWER")
    now = attempt.ctx.clock.now()
    await attempt.ctx.store.write(lambda tx: sessions.spend(tx, session, now))
    occasion = attempt.occasion(user)
    correct = await verify_auth_challenge_response(occasion, session.content["private"], given)
    entry = {
        "challengeName": "CUSTOM_CHALLENGE",
        "challengeResult": correct,
        "challengeMetadata": session.content["metadata"],
    }
    return await decide(attempt, user, [*session.content["past"], entry])
