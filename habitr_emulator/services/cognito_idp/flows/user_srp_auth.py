"""USER_SRP_AUTH: the password is proved without being sent.

The server keeps nothing between the two steps: the secret block is a sealed note to itself.
"""

import hashlib
import hmac
from base64 import b64encode

from habitr_emulator.services.cognito_idp import srp
from habitr_emulator.services.cognito_idp.errors import InvalidParameterException
from habitr_emulator.services.cognito_idp.keys import Keyring
from habitr_emulator.services.cognito_idp.sign_in import Answer, Attempt
from habitr_emulator.services.cognito_idp.users import User

SECRET_BLOCK = "srp"  # noqa: S105 - what the sealed note is for
_LONGEST_A = 1024


async def user_srp_auth(attempt: Attempt) -> Answer:
    """Ask for PASSWORD_VERIFIER.

    An unknown user of a client that hides such gets a challenge like any other, with a salt that stays the same;
    nobody can answer it. Raises InvalidParameterException, NotAuthorizedException, UserNotFoundException.
    """
    username = attempt.parameter("USERNAME")
    a_public = public_value(attempt)
    attempt.check_secret_hash(username)
    user = attempt.find_user(username)
    name = user.username if user else attempt.pool.fold(username)
    parameters = await password_verifier_parameters(attempt, user, name, a_public)
    return {"ChallengeName": "PASSWORD_VERIFIER", "ChallengeParameters": parameters}


def public_value(attempt: Attempt) -> int:
    """The client's A; raises InvalidParameterException if it is no number or a multiple of N."""
    text = attempt.parameter("SRP_A")
    try:
        number = int(text, 16) if len(text) <= _LONGEST_A else 0
    except ValueError:
        number = 0
    if number % srp.N == 0:
        raise InvalidParameterException(
            "SRP_A is not a valid hexadecimal number.", why="SRP_A must not be 0 mod N"
        )
    return number


async def password_verifier_parameters(
    attempt: Attempt, user: User | None, name: str, a_public: int, custom: bool = False
) -> dict[str, str]:
    """ChallengeParameters of PASSWORD_VERIFIER. ``custom`` marks a CUSTOM_AUTH that starts with the password."""
    ctx, keyring = attempt.ctx, attempt.ctx.account.part(Keyring)
    if user is not None and user.salt is not None and user.verifier is not None:
        salt, v = user.salt, int.from_bytes(user.verifier, "big")
    else:
        salt, v = _pretended(await keyring.secret("unknown users"), f"{attempt.pool.id}\0{name}")
    b = ctx.ids.integer(srp.SECRET_BITS)
    b_public = srp.public_value(v, b)
    block = await keyring.seal(
        SECRET_BLOCK,
        {
            "c": attempt.client.id,
            "u": name,
            "a": f"{a_public % srp.N:x}",
            "b": f"{b:x}",
            "h": f"{srp.scrambler(a_public, b_public):x}",
            "m": custom,
            "x": ctx.clock.now() + attempt.client.session_seconds,
        },
    )
    return {
        "SALT": salt.hex(),
        "SRP_B": f"{b_public:x}",
        "SECRET_BLOCK": b64encode(block).decode(),
        "USERNAME": name,
        "USER_ID_FOR_SRP": name,
    }


def _pretended(secret: bytes, name: str) -> tuple[bytes, int]:
    """A salt and a verifier that nobody has a password for, always the same for a name."""
    stream = b"".join(hmac.digest(secret, f"{name}\0{n}".encode(), hashlib.sha256) for n in range(13))
    return stream[:16], int.from_bytes(stream[16:400], "big") % srp.N
