"""Who holds a key: administrators, users, and sessions that nothing stores."""

import json

import pytest

from habitr_emulator.services.context import Account, Caller, Context
from habitr_emulator.services.iam import credentials, deploy
from habitr_emulator.services.iam.credentials import CredentialRefusal, issue, resolve
from habitr_emulator.services.iam.errors import PackedPolicyTooLarge
from habitr_emulator.services.iam.secret import SessionSecret
from habitr_emulator.services.iam.spec import Role

ROLE = "arn:aws:iam::000000000000:role/auth"
SUB = "cognito-identity.amazonaws.com:sub"
POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Federated": "x"}, "Action": "sts:AssumeRoleWithWebIdentity"},
    ],
}


@pytest.fixture
async def role(ctx: Context) -> None:
    await deploy.deploy(ctx, Role("auth", TRUST, {"storage": POLICY}))


def session(account: Account, duration: int = 3600) -> dict[str, str]:
    made = issue(account, role_arn=ROLE, session_name="web", duration=duration, conditions={SUB: "me"})
    assert made.pop("Expiration") == account.clock.now() + duration
    return made


def refusal(account: Account, key: str, token: str = "") -> str:
    with pytest.raises(CredentialRefusal) as refused:
        resolve(account, key, token)
    return refused.value.kind


@pytest.mark.usefixtures("role")
async def test_a_session_resolves_to_its_role_and_policies(account: Account) -> None:
    made = session(account)
    resolved = resolve(account, made["AccessKeyId"], made["SessionToken"])
    assert resolved.secret == made["SecretAccessKey"]
    assert resolved.caller.arn == "arn:aws:sts::000000000000:assumed-role/auth/web"
    assert resolved.caller.user_id.startswith("AROA")
    assert resolved.caller.user_id.endswith(":web")
    assert resolved.caller.policies == (POLICY,)
    assert resolved.caller.conditions[SUB] == "me"
    assert 400 <= len(made["SessionToken"]) <= 2000


@pytest.mark.usefixtures("role")
async def test_a_session_survives_a_restart(account: Account) -> None:
    made = session(account)
    await account.part(SessionSecret).keep()
    account._parts.clear()
    assert resolve(account, made["AccessKeyId"], made["SessionToken"]).secret == made["SecretAccessKey"]


async def test_no_character_of_a_token_can_be_changed(account: Account) -> None:
    made = session(account)
    token = made["SessionToken"]
    for at in range(len(token)):
        changed = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        assert refusal(account, made["AccessKeyId"], changed) == "wrong_token"
    for other in (token + "A", token[:-4], token + "=", "x", "ü", token + "\n"):
        assert refusal(account, made["AccessKeyId"], other) == "wrong_token"


async def test_a_token_belongs_to_one_key(account: Account) -> None:
    one, two = session(account), session(account)
    assert refusal(account, one["AccessKeyId"], two["SessionToken"]) == "wrong_token"
    assert refusal(account, one["AccessKeyId"]) == "unknown_key"
    assert refusal(account, "ASIA" + "A" * 16, two["SessionToken"]) == "unknown_key"
    assert refusal(account, "ASIAü", two["SessionToken"]) == "unknown_key"


async def test_a_session_expires_by_the_emulators_clock(account: Account) -> None:
    made = session(account, duration=900)
    account.clock.advance(899)
    assert resolve(account, made["AccessKeyId"], made["SessionToken"])
    account.clock.advance(1)
    assert refusal(account, made["AccessKeyId"], made["SessionToken"]) == "expired_token"


async def test_the_administrator_is_root_and_has_no_token(account: Account) -> None:
    resolved = resolve(account, "test")
    assert (resolved.secret, resolved.caller.root) == ("test", True)
    assert refusal(account, "test", "token") == "wrong_token"


async def test_a_users_key_works_until_it_is_switched_off(account: Account, ctx: Context) -> None:
    iam = ctx.services.iam
    await iam.create_user({"UserName": "ann", "Path": "/team/"})
    key = (await iam.create_access_key({"UserName": "ann"}))["AccessKey"]
    await iam.put_user_policy(
        {
            "UserName": "ann",
            "PolicyName": "p",
            "PolicyDocument": json.dumps(POLICY),
        }
    )
    resolved = resolve(account, key["AccessKeyId"])
    assert resolved.secret == key["SecretAccessKey"]
    assert resolved.caller.arn == "arn:aws:iam::000000000000:user/team/ann"
    assert len(resolved.caller.policies) == 1
    assert refusal(account, key["AccessKeyId"], "token") == "wrong_token"
    await iam.update_access_key({"UserName": "ann", "AccessKeyId": key["AccessKeyId"], "Status": "Inactive"})
    assert refusal(account, key["AccessKeyId"]) == "unknown_key"


@pytest.mark.usefixtures("role")
async def test_a_change_of_policies_works_at_once(account: Account, ctx: Context) -> None:
    made = session(account)
    assert resolve(account, made["AccessKeyId"], made["SessionToken"]).caller.policies
    await ctx.services.iam.delete_role_policy({"RoleName": "auth", "PolicyName": "storage"})
    assert resolve(account, made["AccessKeyId"], made["SessionToken"]).caller.policies == ()


async def test_what_does_not_fit_into_a_token_is_refused(account: Account) -> None:
    big = {"key": account.ids.base62(3000)}
    with pytest.raises(PackedPolicyTooLarge):
        issue(account, role_arn=ROLE, session_name="s", duration=900, conditions=big)


async def test_session_policies_travel_in_the_token(account: Account) -> None:
    made = issue(
        account, role_arn=ROLE, session_name="s", duration=900, session_policies=[POLICY], role_id="AROAX"
    )
    caller: Caller = resolve(account, made["AccessKeyId"], made["SessionToken"]).caller
    assert caller.session_policies == (POLICY,)
    assert caller.user_id == "AROAX:s"
    assert credentials.TOKEN_CHARACTERS[0] <= len(made["SessionToken"])
