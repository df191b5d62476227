"""Remembered devices: confirming one, signing in from it, forgetting it."""

import base64
import hashlib
import hmac

import pytest

from habitr_emulator.services.cognito_idp import srp, totp
from habitr_emulator.services.cognito_idp.deploy import deploy
from habitr_emulator.services.cognito_idp.errors import (
    InvalidParameterException,
    NotAuthorizedException,
    ResourceNotFoundException,
)

from .conftest import CLIENT, Answer, Idp, claims, spec

SECRET, STAMP = "device-pass", "Sat Nov 7 09:05:03 UTC 2026"
TRACKED = {"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": False}


@pytest.fixture
async def idp(idp: Idp) -> Idp:
    """Habitr's pool, tracking devices."""
    await deploy(idp.ctx, spec(DeviceConfiguration=TRACKED))
    await idp.confirmed()
    return idp


def device_config(group: str, key: str) -> Answer:
    salt = b"\x91" * 16
    x = srp.private_key(group, key, SECRET, salt)

    def encode(number: int) -> str:
        return base64.b64encode(srp.pad(number)).decode()

    return {"Salt": encode(int.from_bytes(salt, "big")), "PasswordVerifier": encode(pow(2, x, srp.N))}


async def confirmed_device(idp: Idp) -> tuple[Answer, Answer]:
    """A sign-in and its device, confirmed."""
    result = await idp.tokens()
    device = result["NewDeviceMetadata"]
    config = device_config(device["DeviceGroupKey"], device["DeviceKey"])
    request = {"DeviceKey": device["DeviceKey"], "DeviceName": "phone", "DeviceSecretVerifierConfig": config}
    done = await idp("confirm_device", AccessToken=result["AccessToken"], **request)
    assert done == {"UserConfirmationNecessary": False}
    return result, device


async def from_device(idp: Idp, key: str) -> Answer:
    parameters = {"USERNAME": "alice", "PASSWORD": "habitr-pass-1", "DEVICE_KEY": key}
    return await idp.password_auth(AuthParameters=parameters)


async def prove(idp: Idp, asked: Answer, device: Answer, secret: str = SECRET) -> Answer:
    key, group = device["DeviceKey"], device["DeviceGroupKey"]
    a = int.from_bytes(hashlib.sha512(b"device").digest() * 2, "big")
    begin = {"USERNAME": "alice", "DEVICE_KEY": key, "SRP_A": f"{pow(2, a, srp.N):x}"}
    step = await idp.respond("DEVICE_SRP_AUTH", begin, asked["Session"])
    assert step["ChallengeName"] == "DEVICE_PASSWORD_VERIFIER"
    given = step["ChallengeParameters"]
    b_public = int(given["SRP_B"], 16)
    u = srp.scrambler(pow(2, a, srp.N), b_public)
    x = srp.private_key(group, key, secret, bytes.fromhex(given["SALT"]))
    shared = pow(b_public - srp.K * pow(2, x, srp.N), a + u * x, srp.N)
    message = f"{group}{key}".encode() + base64.b64decode(given["SECRET_BLOCK"]) + STAMP.encode()
    proof = hmac.digest(srp.session_key(shared, u), message, hashlib.sha256)
    answer = {
        "USERNAME": "alice",
        "DEVICE_KEY": key,
        "PASSWORD_CLAIM_SECRET_BLOCK": given["SECRET_BLOCK"],
        "PASSWORD_CLAIM_SIGNATURE": base64.b64encode(proof).decode(),
        "TIMESTAMP": STAMP,
    }
    return await idp.respond("DEVICE_PASSWORD_VERIFIER", answer, step["Session"])


async def test_a_sign_in_from_an_unknown_device_names_it(idp: Idp) -> None:
    result = await idp.tokens()
    device = result["NewDeviceMetadata"]
    assert claims(result["AccessToken"])["device_key"] == device["DeviceKey"]
    assert device["DeviceKey"].startswith("us-east-1_")
    assert len(device["DeviceGroupKey"]) == 9


async def test_a_remembered_device_proves_itself_instead_of_the_second_factor(idp: Idp) -> None:
    first, device = await confirmed_device(idp)
    await idp.admin(
        "set_user_pool_mfa_config", MfaConfiguration="OPTIONAL", SoftwareTokenMfaConfiguration={"Enabled": True}
    )
    token, now = first["AccessToken"], idp.account.clock.now()
    secret = (await idp("associate_software_token", AccessToken=token))["SecretCode"]
    await idp("verify_software_token", AccessToken=token, UserCode=totp.code(secret, int(now // 30)))
    on = {"Enabled": True}
    await idp("set_user_mfa_preference", AccessToken=token, SoftwareTokenMfaSettings=on)
    assert (await idp.password_auth())["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    asked = await from_device(idp, device["DeviceKey"])
    assert asked["ChallengeName"] == "DEVICE_SRP_AUTH"
    result = (await prove(idp, asked, device))["AuthenticationResult"]
    assert "NewDeviceMetadata" not in result
    assert claims(result["AccessToken"])["device_key"] == device["DeviceKey"]


async def test_a_wrong_device_password_is_refused_and_counted(idp: Idp) -> None:
    _, device = await confirmed_device(idp)
    for _ in range(5):
        asked = await from_device(idp, device["DeviceKey"])
        with pytest.raises(NotAuthorizedException, match="Incorrect"):
            await prove(idp, asked, device, "other-pass")
    with pytest.raises(NotAuthorizedException, match="Password attempts exceeded"):
        await from_device(idp, device["DeviceKey"])


async def test_an_unknown_device_is_told_to_be_dropped(idp: Idp) -> None:
    with pytest.raises(ResourceNotFoundException, match=r"Device does not exist\."):
        await from_device(idp, "us-east-1_00000000-0000-0000-0000-000000000000")


async def test_a_refresh_needs_the_device_of_the_sign_in(idp: Idp) -> None:
    _, device = await confirmed_device(idp)
    result = (await prove(idp, await from_device(idp, device["DeviceKey"]), device))["AuthenticationResult"]
    token = {"ClientId": CLIENT, "RefreshToken": result["RefreshToken"]}
    with pytest.raises(NotAuthorizedException, match="Invalid Refresh Token"):
        await idp("get_tokens_from_refresh_token", **token)
    fresh = await idp("get_tokens_from_refresh_token", **token, DeviceKey=device["DeviceKey"])
    assert claims(fresh["AuthenticationResult"]["AccessToken"])["device_key"] == device["DeviceKey"]
    parameters = {"REFRESH_TOKEN": result["RefreshToken"], "DEVICE_KEY": device["DeviceKey"]}
    request = {"ClientId": CLIENT, "AuthFlow": "REFRESH_TOKEN_AUTH", "AuthParameters": parameters}
    assert (await idp("initiate_auth", **request))["AuthenticationResult"]["AccessToken"]


async def test_devices_are_listed_changed_and_forgotten(idp: Idp) -> None:
    first, device = await confirmed_device(idp)
    token, key = first["AccessToken"], device["DeviceKey"]
    shown = (await idp("get_device", AccessToken=token, DeviceKey=key))["Device"]
    attributes = {entry["Name"]: entry["Value"] for entry in shown["DeviceAttributes"]}
    assert (attributes["device_name"], attributes["dev:device_remembered_status"]) == ("phone", "remembered")
    status = {"DeviceKey": key, "DeviceRememberedStatus": "not_remembered"}
    await idp("update_device_status", AccessToken=token, **status)
    assert "AuthenticationResult" in await from_device(idp, key)
    await idp.admin(
        "admin_update_device_status", Username="alice", DeviceKey=key, DeviceRememberedStatus="remembered"
    )
    assert (await from_device(idp, key))["ChallengeName"] == "DEVICE_SRP_AUTH"
    assert (await idp.admin("admin_get_device", Username="alice", DeviceKey=key))["Device"]["DeviceKey"] == key
    await idp("forget_device", AccessToken=token, DeviceKey=key)
    assert (await idp("list_devices", AccessToken=token))["Devices"] == []
    with pytest.raises(ResourceNotFoundException):
        await idp.admin("admin_forget_device", Username="alice", DeviceKey=key)


async def test_devices_come_in_pages(idp: Idp) -> None:
    keys = {(await confirmed_device(idp))[1]["DeviceKey"] for _ in range(3)}
    first = await idp.admin("admin_list_devices", Username="alice", Limit=2)
    rest = await idp.admin(
        "admin_list_devices", Username="alice", Limit=2, PaginationToken=first["PaginationToken"]
    )
    assert {device["DeviceKey"] for device in first["Devices"] + rest["Devices"]} == keys
    assert "PaginationToken" not in rest


@pytest.mark.parametrize("config", [{"Salt": "AAAA"}, {"Salt": "*", "PasswordVerifier": "AAAA"}])
async def test_half_a_verifier_and_another_device_are_refused(idp: Idp, config: Answer) -> None:
    result = await idp.tokens()
    token, key = result["AccessToken"], result["NewDeviceMetadata"]["DeviceKey"]
    with pytest.raises(InvalidParameterException):
        await idp("confirm_device", AccessToken=token, DeviceKey=key, DeviceSecretVerifierConfig=config)
    with pytest.raises(InvalidParameterException):
        await idp("confirm_device", AccessToken=token, DeviceKey=key[:-1] + "0")


async def test_a_pool_may_leave_it_to_the_user_to_remember(idp: Idp) -> None:
    await deploy(idp.ctx, spec(DeviceConfiguration=TRACKED | {"DeviceOnlyRememberedOnUserPrompt": True}))
    result = await idp.tokens()
    key = result["NewDeviceMetadata"]["DeviceKey"]
    config = device_config(result["NewDeviceMetadata"]["DeviceGroupKey"], key)
    request = {"DeviceKey": key, "DeviceSecretVerifierConfig": config}
    done = await idp("confirm_device", AccessToken=result["AccessToken"], **request)
    assert done == {"UserConfirmationNecessary": True}
    assert "NewDeviceMetadata" not in (await from_device(idp, key))["AuthenticationResult"]
