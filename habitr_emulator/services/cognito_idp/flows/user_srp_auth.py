"""USER_SRP_AUTH: the password is proved without being sent."""

from habitr_emulator.services.cognito_idp import srp_exchange, strangers
from habitr_emulator.services.cognito_idp.sign_in import Answer, Attempt
from habitr_emulator.services.cognito_idp.users import User


async def user_srp_auth(attempt: Attempt) -> Answer:
    """Ask for PASSWORD_VERIFIER.

    An unknown user of a client that hides such gets a challenge like any other, with a salt that stays the same;
    nobody can answer it. Raises InvalidParameterException, NotAuthorizedException, UserNotFoundException.
    """
    username = attempt.parameter("USERNAME")
    srp_exchange.public_value(attempt)
    attempt.check_secret_hash(username)
    user = attempt.find_user(username) or strangers.stranger(attempt.ctx, attempt.pool, username)
    parameters = await password_verifier_parameters(attempt, user)
    return {"ChallengeName": "PASSWORD_VERIFIER", "ChallengeParameters": parameters}


async def password_verifier_parameters(attempt: Attempt, user: User, custom: bool = False) -> dict[str, str]:
    """ChallengeParameters of PASSWORD_VERIFIER. ``custom`` marks a CUSTOM_AUTH that starts with the password."""
    name = user.username
    secret = await secret_of(attempt, user)
    note = {"u": name, "m": custom, "d": attempt.device_key, "v": attempt.validation_data}
    parameters = await srp_exchange.begin(attempt, srp_exchange.PASSWORD, secret, note)
    return parameters | {"USERNAME": name, "USER_ID_FOR_SRP": name}


async def secret_of(attempt: Attempt, user: User) -> tuple[bytes, bytes]:
    """A user's salt and verifier; made up for one who is unknown or has no password."""
    if user.salt is None or user.verifier is None:
        return await srp_exchange.pretended(attempt.ctx, f"{attempt.pool.id}\0{user.username}")
    return user.salt, user.verifier
