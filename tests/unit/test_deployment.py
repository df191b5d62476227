"""Making a project's resources: what is refused is told, and the rest is there."""

from habitr_emulator.amplify.backend import Backend
from habitr_emulator.deployment import deploy
from habitr_emulator.services.context import Account
from habitr_emulator.services.dynamodb.spec import Table
from habitr_emulator.services.iam.spec import Role
from habitr_emulator.services.s3.spec import Bucket

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}


def allowing(resource: str) -> dict[str, object]:
    statement = {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": resource}
    return {"Version": "2012-10-17", "Statement": [statement]}


async def test_a_refused_resource_is_told_and_the_others_are_made(account: Account) -> None:
    broken = Table("broken", {"KeySchema": [], "AttributeDefinitions": []})
    backend = Backend(
        "p",
        "dev",
        "us-east-1",
        "0" * 12,
        buckets=(Bucket("NOT_A_NAME"), Bucket("fine-name")),
        own_tables=(broken,),
    )
    notes = await deploy(account, backend)
    assert [note.where for note in notes] == ["Table broken", "Bucket NOT_A_NAME"]
    listed = await account.context().services.s3.list_buckets({})
    assert [bucket["Name"] for bucket in listed["Buckets"]] == ["fine-name"]


async def test_a_role_keeps_the_policies_that_are_right(account: Account) -> None:
    policies = {"wrong": allowing("not-an-arn"), "right": allowing("*")}
    for given in (policies, {"wrong": policies["wrong"]}):
        roles = (Role("worker", TRUST, given),)
        (note,) = await deploy(account, Backend("p", "dev", "us-east-1", "0" * 12, roles=roles))
        assert note.where == "Role worker"
        assert note.reason.startswith("is without its policy wrong: ")
    kept = await account.context().services.iam.list_role_policies({"RoleName": "worker"})
    assert kept["PolicyNames"] == ["right"]
