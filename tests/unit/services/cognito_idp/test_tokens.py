"""What tokens say, and when they are good no longer."""

import asyncio
import base64
import hashlib
import hmac

import jwt
import orjson
import pytest

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.cognito_idp import http, tokens
from habitr_emulator.services.cognito_idp.deploy import deploy
from habitr_emulator.services.cognito_idp.errors import (
    NotAuthorizedException,
    RefreshTokenReuseException,
    UnsupportedOperationException,
    UnsupportedTokenTypeException,
    UserNotFoundException,
)
from habitr_emulator.services.cognito_idp.pools import Client, require_secret_hash
from habitr_emulator.wire.http import Headers, Request

from .conftest import CLIENT, POOL, Answer, Idp, claims, spec

ISSUER = f"https://cognito-idp.us-east-1.amazonaws.com/{POOL}"


async def document(idp: Idp, name: str) -> Answer:
    request = Request("GET", f"/{POOL}/.well-known/{name}", Headers())
    read: Answer = orjson.loads((await http.handle(request, idp.ctx)).body)  # type: ignore[arg-type]
    return read


async def refreshed(idp: Idp, token: str) -> Answer:
    answer = await idp("get_tokens_from_refresh_token", ClientId=CLIENT, RefreshToken=token)
    return answer["AuthenticationResult"]  # type: ignore[no-any-return]


async def test_the_tokens_carry_cognitos_claims(idp: Idp) -> None:
    await idp.confirmed()
    await idp.admin("admin_add_user_to_group", Username="alice", GroupName="admin")
    result = await idp.tokens()
    ident, access = claims(result["IdToken"]), claims(result["AccessToken"])
    now = int(idp.account.clock.now())
    both = {"iss": ISSUER, "auth_time": now, "iat": now, "exp": now + 3600, "cognito:groups": ["admin"]}
    for token in (ident, access):
        assert both.items() <= token.items()
    assert {name: ident[name] for name in ("aud", "token_use", "cognito:username", "email", "email_verified")} == {
        "aud": CLIENT,
        "token_use": "id",
        "cognito:username": "alice",
        "email": "alice@example.com",
        "email_verified": True,
    }
    assert ident["cognito:preferred_role"] == "arn:aws:iam::000000000000:role/admins"
    assert (access["client_id"], access["username"]) == (CLIENT, "alice")
    assert access["scope"] == "aws.cognito.signin.user.admin"
    assert "cognito:roles" not in access
    assert (ident["sub"], ident["origin_jti"], ident["event_id"]) == tuple(
        access[name] for name in ("sub", "origin_jti", "event_id")
    )
    assert ident["jti"] != access["jti"]


async def test_the_tokens_verify_against_the_published_keys(idp: Idp) -> None:
    await idp.confirmed()
    result = await idp.tokens()
    keys = {key["kid"]: jwt.PyJWK(key) for key in (await document(idp, "jwks.json"))["keys"]}
    for name, use in (("IdToken", "id"), ("AccessToken", "access")):
        header = jwt.get_unverified_header(result[name])
        assert header.keys() == {"kid", "alg"}
        options = {"verify_exp": False, "verify_aud": False, "verify_iat": False}
        read = jwt.decode(result[name], keys[header["kid"]], algorithms=["RS256"], options=options)  # type: ignore[arg-type]
        assert read["token_use"] == use
    assert len(keys) == 2
    assert (await document(idp, "openid-configuration"))["issuer"] == ISSUER


async def test_verify_token_reads_both_kinds(idp: Idp) -> None:
    await idp.confirmed()
    result = await idp.tokens()
    for name, use in (("IdToken", "id"), ("AccessToken", "access")):
        verified = tokens.verify_token(idp.account, result[name])
        assert (verified.user_pool_id, verified.token_use) == (POOL, use)


def changed(token: str, **more: object) -> str:
    head, body, signature = token.split(".")
    read = orjson.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))) | more
    forged = base64.urlsafe_b64encode(orjson.dumps(read)).decode().rstrip("=")
    return f"{head}.{forged}.{signature}"


def unsigned(token: str) -> str:
    head = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    return f"{head}.{token.split('.')[1]}."


@pytest.mark.parametrize(
    "forge",
    [
        lambda token: changed(token, username="root"),
        lambda token: changed(token, iss="https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Other0001"),
        lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"),
        lambda token: token[:-1] + chr(ord(token[-1]) + 1),
        unsigned,
        lambda token: token.rpartition(".")[0],
        lambda token: "a.b.c",
        lambda token: "",
        lambda token: "é.é.é",
    ],
)
async def test_a_forged_token_is_refused(idp: Idp, forge: object) -> None:
    await idp.confirmed()
    token = forge((await idp.tokens())["AccessToken"])  # type: ignore[operator]
    with pytest.raises(tokens.InvalidToken):
        tokens.verify_token(idp.account, token)
    with pytest.raises(NotAuthorizedException, match="Invalid Access Token"):
        await idp("get_user", AccessToken=token)


async def test_a_token_ends_by_the_emulators_clock(idp: Idp) -> None:
    await idp.confirmed()
    token = (await idp.tokens())["AccessToken"]
    tokens.verify_token(idp.account, token)
    idp.account.clock.advance(3600)
    with pytest.raises(tokens.InvalidToken) as caught:
        tokens.verify_token(idp.account, token)
    assert caught.value.expired
    with pytest.raises(NotAuthorizedException, match="Access Token has expired"):
        await idp("get_user", AccessToken=token)


async def test_keys_and_refresh_tokens_outlive_a_restart(idp: Idp) -> None:
    await idp.confirmed()
    result = await idp.tokens()
    idp.account._parts.clear()
    assert tokens.verify_token(idp.account, result["IdToken"]).user_pool_id == POOL
    assert (await refreshed(idp, result["RefreshToken"]))["AccessToken"]


async def test_a_deleted_pools_tokens_are_refused(idp: Idp) -> None:
    await idp.confirmed()
    token = (await idp.tokens())["AccessToken"]
    await idp.admin("delete_user_pool")
    with pytest.raises(tokens.InvalidToken):
        tokens.verify_token(idp.account, token)


async def test_refreshing_keeps_the_sign_in(idp: Idp) -> None:
    await idp.confirmed()
    first = await idp.tokens()
    idp.account.clock.advance(100)
    await idp.admin("admin_add_user_to_group", Username="alice", GroupName="admin")
    second = await refreshed(idp, first["RefreshToken"])
    before, after = claims(first["AccessToken"]), claims(second["AccessToken"])
    assert "RefreshToken" not in second
    assert (after["auth_time"], after["origin_jti"]) == (before["auth_time"], before["origin_jti"])
    assert (after["iat"], after["cognito:groups"]) == (before["iat"] + 100, ["admin"])
    for flow in ("REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"):
        parameters = {"REFRESH_TOKEN": first["RefreshToken"]}
        assert await idp("initiate_auth", ClientId=CLIENT, AuthFlow=flow, AuthParameters=parameters)


async def test_a_refresh_token_ends(idp: Idp) -> None:
    await idp.confirmed()
    token = (await idp.tokens())["RefreshToken"]
    idp.account.clock.advance(30 * 86400)
    with pytest.raises(NotAuthorizedException, match="Refresh Token has expired"):
        await refreshed(idp, token)
    for garbage in ("abc", token[:-2], token + "x"):
        with pytest.raises(NotAuthorizedException, match="Invalid Refresh Token"):
            await refreshed(idp, garbage)


async def test_revoking_ends_one_sign_in_only(idp: Idp) -> None:
    await idp.confirmed()
    first, second = await idp.tokens(), await idp.tokens()
    for _ in range(2):
        await idp("revoke_token", ClientId=CLIENT, Token=first["RefreshToken"])
    with pytest.raises(NotAuthorizedException, match="Refresh Token has been revoked"):
        await refreshed(idp, first["RefreshToken"])
    with pytest.raises(NotAuthorizedException, match="Access Token has been revoked"):
        await idp("get_user", AccessToken=first["AccessToken"])
    assert tokens.verify_token(idp.account, first["AccessToken"]).claims["username"] == "alice"
    assert (await idp("get_user", AccessToken=second["AccessToken"]))["Username"] == "alice"
    with pytest.raises(UnsupportedTokenTypeException):
        await idp("revoke_token", ClientId=CLIENT, Token=second["AccessToken"])


async def test_a_global_sign_out_ends_all_before_and_none_after(idp: Idp) -> None:
    await idp.confirmed()
    first, second = await idp.tokens(), await idp.tokens()
    await idp("global_sign_out", AccessToken=first["AccessToken"])
    for result in (first, second):
        with pytest.raises(NotAuthorizedException, match="Access Token has been revoked"):
            await idp("get_user", AccessToken=result["AccessToken"])
        with pytest.raises(NotAuthorizedException, match="Refresh Token has been revoked"):
            await refreshed(idp, result["RefreshToken"])
    third = await idp.tokens()
    assert await idp("get_user", AccessToken=third["AccessToken"])
    await idp.admin("admin_user_global_sign_out", Username="alice")
    with pytest.raises(NotAuthorizedException):
        await idp("get_user", AccessToken=third["AccessToken"])


async def test_disabling_a_user_ends_its_sign_ins_for_good(idp: Idp) -> None:
    await idp.confirmed()
    result = await idp.tokens()
    for operation, said in (("admin_disable_user", "User is disabled."), ("admin_enable_user", "been revoked")):
        await idp.admin(operation, Username="alice")
        with pytest.raises(NotAuthorizedException, match=said):
            await refreshed(idp, result["RefreshToken"])
        with pytest.raises(NotAuthorizedException, match=said):
            await idp("get_user", AccessToken=result["AccessToken"])
    assert await idp.tokens()


async def test_a_deleted_user_has_no_tokens(idp: Idp) -> None:
    await idp.confirmed()
    result = await idp.tokens()
    await idp("delete_user", AccessToken=result["AccessToken"])
    with pytest.raises(UserNotFoundException):
        await idp("get_user", AccessToken=result["AccessToken"])
    await idp.confirmed()
    with pytest.raises(UserNotFoundException):
        await idp("get_user", AccessToken=result["AccessToken"])
    with pytest.raises(NotAuthorizedException, match="Invalid Refresh Token"):
        await refreshed(idp, result["RefreshToken"])


async def test_a_client_can_limit_lifetimes_and_attributes(idp: Idp) -> None:
    units = {"AccessToken": "seconds", "IdToken": "minutes", "RefreshToken": "days"}
    client = {"AccessTokenValidity": 60, "IdTokenValidity": 10, "TokenValidityUnits": units}
    await deploy(idp.ctx, spec(client=client | {"ReadAttributes": ["name"], "EnableTokenRevocation": False}))
    await idp.confirmed()
    result = await idp.tokens()
    ident, access = claims(result["IdToken"]), claims(result["AccessToken"])
    assert (access["exp"] - access["iat"], ident["exp"] - ident["iat"], result["ExpiresIn"]) == (60, 600, 60)
    assert "email" not in ident
    assert "origin_jti" not in access
    shown = (await idp("get_user", AccessToken=result["AccessToken"]))["UserAttributes"]
    assert [entry["Name"] for entry in shown] == ["sub"]
    with pytest.raises(UnsupportedOperationException):
        await idp("revoke_token", ClientId=CLIENT, Token=result["RefreshToken"])


async def test_rotation_gives_a_new_token_and_notices_reuse(idp: Idp) -> None:
    rotation = {"Feature": "ENABLED", "RetryGracePeriodSeconds": 10}
    await deploy(idp.ctx, spec(client={"RefreshTokenRotation": rotation}))
    await idp.confirmed()
    first = (await idp.tokens())["RefreshToken"]
    second = (await refreshed(idp, first))["RefreshToken"]
    assert (await refreshed(idp, first))["AccessToken"]
    idp.account.clock.advance(11)
    with pytest.raises(RefreshTokenReuseException):
        await refreshed(idp, first)
    with pytest.raises(NotAuthorizedException, match="revoked"):
        await refreshed(idp, second)


async def test_of_two_who_rotate_one_token_at_once_only_one_gets_the_next(idp: Idp) -> None:
    rotation = {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0}
    await deploy(idp.ctx, spec(client={"RefreshTokenRotation": rotation}))
    await idp.confirmed()
    first = (await idp.tokens())["RefreshToken"]
    both = await asyncio.gather(refreshed(idp, first), refreshed(idp, first), return_exceptions=True)
    assert sorted(type(each).__name__ for each in both) == ["RefreshTokenReuseException", "dict"]
    (lucky,) = [each for each in both if isinstance(each, dict)]
    with pytest.raises(NotAuthorizedException, match="revoked"):
        await refreshed(idp, lucky["RefreshToken"])


def test_a_secret_hash_is_over_name_and_client() -> None:
    client = Client(CLIENT, POOL, {"ClientSecret": "s3cret"}, 0, 0)
    right = base64.b64encode(hmac.digest(b"s3cret", f"alice{CLIENT}".encode(), hashlib.sha256)).decode()
    require_secret_hash(client, "alice", right)
    for name, given in (("alice", None), ("alice", "wrong"), ("bob", right)):
        with pytest.raises(NotAuthorizedException):
            require_secret_hash(client, name, given)
    with pytest.raises(AwsError):
        require_secret_hash(Client(CLIENT, POOL, {}, 0, 0), "alice", right)
