"""Users of the Habitr backend, made through its public API, and the client's side of SRP."""

import base64
import hashlib
import hmac
import json
import secrets
import urllib.request
from datetime import UTC, datetime
from functools import cache
from typing import Any

try:
    from gmpy2 import powmod
except ImportError:
    powmod = pow

N = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F"
    "83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"
    "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510"
    "15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7"
    "ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C"
    "BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF",
    16,
)
G = 2
PASSWORD = "correct-Horse-9"
IDP = "AWSCognitoIdentityProviderService"


def pad(number: int) -> bytes:
    return number.to_bytes(number.bit_length() // 8 + 1, "big")


def sha(*parts: bytes) -> int:
    return int.from_bytes(hashlib.sha256(b"".join(parts)).digest(), "big")


K = sha(pad(N), pad(G))


@cache
def power_of_g(x: int) -> int:
    """g^x, once a user: the client is not what is measured."""
    return int(powmod(G, x, N))


class Proof:
    """The client of one sign-in."""

    def __init__(self, pool_id: str, password: str = PASSWORD) -> None:
        self._pool, self._password = pool_id.split("_", 1)[1], password
        self._a = secrets.randbits(256)
        self.a = int(powmod(G, self._a, N))

    def answer(self, challenge: dict[str, str]) -> dict[str, str]:
        """ChallengeResponses to a PASSWORD_VERIFIER challenge."""
        user, salt, b = challenge["USER_ID_FOR_SRP"], int(challenge["SALT"], 16), int(challenge["SRP_B"], 16)
        u = sha(pad(self.a), pad(b))
        inner = hashlib.sha256(f"{self._pool}{user}:{self._password}".encode()).digest()
        x = sha(pad(salt), inner)
        secret = int(powmod((b - K * power_of_g(x)) % N, self._a + u * x, N))
        prk = hmac.digest(pad(u), pad(secret), "sha256")
        key = hmac.digest(prk, b"Caldera Derived Key\x01", "sha256")[:16]
        now = datetime.now(UTC)
        stamp = f"{now:%a %b} {now.day} {now:%H:%M:%S} UTC {now:%Y}"
        block = base64.b64decode(challenge["SECRET_BLOCK"])
        claim = hmac.digest(key, self._pool.encode() + user.encode() + block + stamp.encode(), "sha256")
        return {
            "USERNAME": user,
            "PASSWORD_CLAIM_SECRET_BLOCK": challenge["SECRET_BLOCK"],
            "PASSWORD_CLAIM_SIGNATURE": base64.b64encode(claim).decode(),
            "TIMESTAMP": stamp,
        }


def headers(operation: str, service: str = IDP) -> dict[str, str]:
    return {"content-type": "application/x-amz-json-1.1", "x-amz-target": f"{service}.{operation}"}


def call(endpoint: str, operation: str, body: dict[str, Any]) -> dict[str, Any]:
    request = urllib.request.Request(endpoint, json.dumps(body).encode(), headers(operation))
    with urllib.request.urlopen(request) as answer:
        found: dict[str, Any] = json.loads(answer.read() or b"{}")
        return found


def sign_up(config: dict[str, Any], name: str) -> None:
    """SignUp and ConfirmSignUp with the code from the inbox (which runs the PostConfirmation trigger)."""
    endpoint, client = config["endpoint"], config["app_client_id"]
    attributes = [{"Name": "email", "Value": f"{name}@example.com"}]
    call(
        endpoint,
        "SignUp",
        {"ClientId": client, "Username": name, "Password": PASSWORD, "UserAttributes": attributes},
    )
    with urllib.request.urlopen(f"{endpoint}/_habitr/inbox?username={name}&last&wait=5") as answer:
        code = json.load(answer)["code"]
    call(endpoint, "ConfirmSignUp", {"ClientId": client, "Username": name, "ConfirmationCode": code})


def sign_in(config: dict[str, Any], name: str) -> str:
    """USER_PASSWORD_AUTH; the access token."""
    answer = call(
        config["endpoint"],
        "InitiateAuth",
        {
            "ClientId": config["script_client_id"],
            "AuthFlow": "USER_PASSWORD_AUTH",
            "AuthParameters": {"USERNAME": name, "PASSWORD": PASSWORD},
        },
    )
    return str(answer["AuthenticationResult"]["AccessToken"])
