"""A pool like Habitr's, and a person who signs up, confirms and signs in."""

import base64
import hashlib
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import orjson
import pytest

from habitr_emulator.services.cognito_idp import srp
from habitr_emulator.services.cognito_idp.deploy import deploy
from habitr_emulator.services.cognito_idp.spec import AppClient, UserPool
from habitr_emulator.services.context import Account, Context

POOL, CLIENT, PASSWORD = "us-east-1_Habitr001", "a" * 26, "habitr-pass-1"
FLOWS = (
    "ALLOW_USER_SRP_AUTH",
    "ALLOW_USER_PASSWORD_AUTH",
    "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "ALLOW_CUSTOM_AUTH",
    "ALLOW_REFRESH_TOKEN_AUTH",
)
Answer = dict[str, Any]


@dataclass
class Idp:
    """The service as an app sees it."""

    account: Account
    ctx: Context

    async def __call__(self, operation: str, **request: Any) -> Answer:
        return await self.account.registry.call("cognito_idp", operation, request, self.ctx)

    async def sign_up(self, name: str = "alice", **more: Any) -> Answer:
        attributes = [{"Name": "email", "Value": f"{name.lower()}@example.com"}]
        request = {"ClientId": CLIENT, "Username": name, "Password": PASSWORD, "UserAttributes": attributes}
        return await self("sign_up", **(request | more))

    def code(self, name: str = "alice") -> str:
        return str(self.account.inbox.messages(username=name)[-1]["code"])

    async def confirmed(self, name: str = "alice") -> None:
        await self.sign_up(name)
        await self("confirm_sign_up", ClientId=CLIENT, Username=name, ConfirmationCode=self.code(name))

    async def password_auth(self, name: str = "alice", password: str = PASSWORD, **more: Any) -> Answer:
        parameters = {"USERNAME": name, "PASSWORD": password}
        request = {"ClientId": CLIENT, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters}
        return await self("initiate_auth", **(request | more))

    async def tokens(self, name: str = "alice", password: str = PASSWORD) -> Answer:
        return (await self.password_auth(name, password))["AuthenticationResult"]  # type: ignore[no-any-return]

    async def srp_auth(
        self,
        name: str = "alice",
        password: str = PASSWORD,
        *,
        start: dict[str, str] | None = None,
        answer: dict[str, str] | None = None,
    ) -> Answer:
        """``start`` and ``answer`` are the ClientMetadata of the two calls."""
        a = int.from_bytes(hashlib.sha512(name.encode()).digest() * 2, "big")
        a_public = pow(2, a, srp.N)
        parameters = {"USERNAME": name, "SRP_A": f"{a_public:x}"}
        request: Answer = {"ClientId": CLIENT, "AuthFlow": "USER_SRP_AUTH", "AuthParameters": parameters}
        asked = await self("initiate_auth", **request, ClientMetadata=start)
        responses = self.srp_proof(asked["ChallengeParameters"], a, password)
        return await self.respond("PASSWORD_VERIFIER", responses, ClientMetadata=answer)

    async def srp_answer(self, given: dict[str, str], a: int, password: str, **more: str) -> Answer:
        return await self.respond("PASSWORD_VERIFIER", self.srp_proof(given, a, password) | more)

    def srp_proof(self, given: dict[str, str], a: int, password: str) -> dict[str, str]:
        user_id, b_public = given["USER_ID_FOR_SRP"], int(given["SRP_B"], 16)
        u = srp.scrambler(pow(2, a, srp.N), b_public)
        x = srp.private_key(POOL.partition("_")[2], user_id, password, bytes.fromhex(given["SALT"]))
        secret = pow(b_public - srp.K * pow(2, x, srp.N), a + u * x, srp.N)
        stamp = "Sat Nov 7 09:05:03 UTC 2026"
        message = f"{POOL.partition('_')[2]}{user_id}".encode() + base64.b64decode(given["SECRET_BLOCK"])
        proof = hmac.digest(srp.session_key(secret, u), message + stamp.encode(), hashlib.sha256)
        return {
            "USERNAME": user_id,
            "PASSWORD_CLAIM_SECRET_BLOCK": given["SECRET_BLOCK"],
            "PASSWORD_CLAIM_SIGNATURE": base64.b64encode(proof).decode(),
            "TIMESTAMP": stamp,
        }

    async def respond(
        self, challenge: str, responses: dict[str, str], session: str | None = None, **more: Any
    ) -> Answer:
        request: Answer = {"ClientId": CLIENT, "ChallengeName": challenge, "ChallengeResponses": responses}
        if session:
            request["Session"] = session
        return await self("respond_to_auth_challenge", **(request | more))

    async def admin(self, operation: str, **request: Any) -> Answer:
        return await self(operation, UserPoolId=POOL, **request)


def claims(token: str) -> Answer:
    """A token's claims, unverified."""
    body = token.split(".")[1]
    read: Answer = orjson.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return read


def pool_settings(**more: Any) -> Answer:
    """Settings like Habitr's."""
    policy = {"MinimumLength": 8, **dict.fromkeys(("RequireUppercase", "RequireLowercase"), False)}
    return {
        "PoolName": "habitr",
        "Policies": {"PasswordPolicy": {**policy, "RequireNumbers": False, "RequireSymbols": False}},
        "AutoVerifiedAttributes": ["email"],
        "UsernameConfiguration": {"CaseSensitive": False},
        "Schema": [{"Name": "email", "AttributeDataType": "String", "Required": True, "Mutable": True}],
    } | more


def spec(client: Answer | None = None, **pool: Any) -> UserPool:
    """The pool's specification, with other settings for it or its client."""
    settings = {"ClientName": "app", "ExplicitAuthFlows": list(FLOWS)} | (client or {})
    group = {"GroupName": "admin", "Precedence": 1, "RoleArn": "arn:aws:iam::000000000000:role/admins"}
    return UserPool(POOL, pool_settings(**pool), (AppClient(CLIENT, settings),), (group,))


@pytest.fixture
async def idp(ctx: Context) -> Idp:
    """The service with Habitr's pool deployed."""
    await deploy(ctx, spec())
    return Idp(ctx.account, ctx)


Trigger = Callable[[Answer], Any]


class Raises(Exception):
    """A function that ends with this error."""


@pytest.fixture
def functions(account: Account, monkeypatch: pytest.MonkeyPatch) -> dict[str, Trigger]:
    """Lambda functions by name: Python callables that take the event; called instead of the Lambda service."""
    known: dict[str, Trigger] = {}
    registry = account.registry
    real = type(registry).call

    async def call(self: Any, service: str, name: str, request: Answer, ctx: Context) -> Answer:
        if (service, name) != ("lambda_", "invoke"):
            return await real(self, service, name, request, ctx)
        event = orjson.loads(request["Payload"])
        try:
            answer = known[request["FunctionName"]](event)
            if isinstance(answer, Awaitable):
                answer = await answer
        except Raises as error:
            payload = orjson.dumps({"errorMessage": str(error), "errorType": "Error"})
            return {"StatusCode": 200, "FunctionError": "Unhandled", "Payload": payload}
        return {"StatusCode": 200, "Payload": orjson.dumps(answer)}

    monkeypatch.setattr(type(registry), "call", call)
    return known
