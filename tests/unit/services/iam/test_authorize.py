"""The authorizer: who is let through, and what the others are told."""

from typing import Any

import pytest

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.context import ANONYMOUS, Account, Caller
from habitr_emulator.services.iam.authorize import authorize

OBJECT = "arn:aws:s3:::photos/a"
SESSION = "arn:aws:sts::000000000000:assumed-role/auth/web"


def policy(effect: str = "Allow", **more: Any) -> dict[str, Any]:
    statement = {"Effect": effect, "Action": "s3:GetObject", "Resource": "*", **more}
    return {"Version": "2012-10-17", "Statement": [statement]}


def signed(*policies: dict[str, Any], **more: Any) -> Caller:
    return Caller("signed", arn=SESSION, user_id="AROAX:web", policies=policies, **more)


def refused(
    account: Account, caller: Caller, resource_policy: dict[str, Any] | None = None, **more: Any
) -> AwsError:
    context = account.context(caller, protocol="rest-xml", **more)
    with pytest.raises(AwsError) as error:
        authorize(context, "s3:GetObject", OBJECT, {}, resource_policy)
    return error.value


def allowed(account: Account, caller: Caller, resource_policy: dict[str, Any] | None = None, **more: Any) -> bool:
    authorize(account.context(caller, **more), "s3:GetObject", OBJECT, {}, resource_policy)
    return True


async def test_services_and_the_administrator_may_do_everything(account: Account) -> None:
    assert allowed(account, Caller("service", arn="appsync.amazonaws.com"))
    assert allowed(account, Caller("signed", root=True))


async def test_a_stranger_is_refused_in_the_words_of_the_protocol(account: Account) -> None:
    assert refused(account, ANONYMOUS).code == "AccessDenied"
    with pytest.raises(AwsError) as error:
        authorize(account.context(protocol="json"), "dynamodb:Scan", "*", {}, None)
    assert error.value.code == "MissingAuthenticationTokenException"


async def test_a_resource_policy_can_let_strangers_in(account: Account) -> None:
    assert allowed(account, ANONYMOUS, policy(Principal="*"))
    assert refused(account, ANONYMOUS, policy(Principal={"AWS": SESSION})).status == 403


async def test_a_refusal_names_caller_action_and_resource(account: Account) -> None:
    error = refused(account, signed())
    assert (error.code, error.status) == ("AccessDenied", 403)
    assert error.message == (
        f"User: {SESSION} is not authorized to perform: s3:GetObject on resource: "
        f'"{OBJECT}" because no identity-based policy allows the s3:GetObject action'
    )
    assert error.why is not None
    assert f"no policy allows it: s3:GetObject on {OBJECT}, asked by {SESSION}" == error.why


async def test_a_denial_names_its_statement(account: Account) -> None:
    error = refused(account, signed(policy(), policy("Deny", Sid="Closed")))
    assert error.message.endswith("with an explicit deny in an identity-based policy")
    assert '"Closed"' in (error.why or "")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("aws:SourceIp", "203.0.113.9"),
        ("aws:SecureTransport", "true"),
        ("aws:UserAgent", "habitr/1"),
        ("aws:PrincipalArn", "arn:aws:iam::000000000000:role/auth"),
        ("aws:userid", "AROAX:web"),
        ("aws:PrincipalType", "AssumedRole"),
        ("aws:PrincipalAccount", "000000000000"),
        ("aws:EpochTime", "1795000000"),
        ("aws:CurrentTime", "2026-11-18T11:06:40.000Z"),
        ("aws:Referer", "http://localhost/"),
    ],
)
async def test_every_request_brings_global_keys(account: Account, key: str, value: str) -> None:
    more: dict[str, Any] = {
        "source_ip": "203.0.113.9",
        "secure": True,
        "user_agent": "habitr/1",
        "headers": {"referer": "http://localhost/"},
    }
    role = {"aws:PrincipalArn": "arn:aws:iam::000000000000:role/auth"}
    wanted = policy(Condition={"StringEquals": {key: value}})
    assert allowed(account, signed(wanted, conditions=role), **more)
    other = policy(Condition={"StringEquals": {key: value + "x"}})
    assert refused(account, signed(other, conditions=role), **more)


async def test_a_role_is_named_by_its_sessions(account: Account) -> None:
    role = "arn:aws:iam::000000000000:role/auth"
    caller = signed(conditions={"aws:PrincipalArn": role})
    assert allowed(account, caller, policy(Principal={"AWS": role}))
    assert refused(account, caller, policy(Principal={"AWS": role + "2"}))
