"""The client's half of SRP: proves a password without sending it.

The arithmetic is in the public sources of AWS Amplify and of amazon-cognito-identity-js; the server's half is
``services/cognito_idp/srp.py``.
"""

import base64
from collections.abc import Mapping

from habitr_emulator.kernel.clock import Clock, http_date
from habitr_emulator.kernel.ids import Ids
from habitr_emulator.services.cognito_idp import srp


class Proof:
    """One sign-in: ``a`` is sent first, ``answer`` meets the challenge PASSWORD_VERIFIER."""

    def __init__(self, pool_id: str, password: str) -> None:
        self._pool, self._password = pool_id.partition("_")[2], password
        self._secret = Ids().integer(srp.SECRET_BITS)
        self._public = srp.power_of_g(self._secret)

    @property
    def a(self) -> str:
        """SRP_A, in hex."""
        return f"{self._public:x}"

    def answer(self, challenge: Mapping[str, str], clock: Clock) -> dict[str, str]:
        """ChallengeResponses for the parameters of the challenge."""
        user, b = challenge["USER_ID_FOR_SRP"], int(challenge["SRP_B"], 16)
        u = srp.scrambler(self._public, b)
        number = int(challenge["SALT"], 16)
        x = srp.private_key(self._pool, user, self._password, srp.pad(number))
        start = (b - srp.K * srp.power_of_g(x)) % srp.N
        secret = srp.power()(start, self._secret + u * x)
        stamp = _stamp(clock.real())
        block = base64.b64decode(challenge["SECRET_BLOCK"])
        claim = srp.claim(srp.session_key(secret, u), self._pool, user, block, stamp)
        return {
            "USERNAME": user,
            "PASSWORD_CLAIM_SECRET_BLOCK": challenge["SECRET_BLOCK"],
            "PASSWORD_CLAIM_SIGNATURE": base64.b64encode(claim).decode(),
            "TIMESTAMP": stamp,
        }


def _stamp(now: float) -> str:
    """``Sat Nov 21 19:02:03 UTC 2026``, the day without a leading zero."""
    weekday, day, month, year, time, _ = http_date(now).split()
    return f"{weekday[:3]} {month} {int(day)} {time} UTC {year}"
