"""``iam`` rules: who is let in by role, and what the roles' policies say."""

import pytest

from habitr_emulator.amplify.auth.grants import IamRoles
from habitr_emulator.amplify.transform.flags import Flags
from habitr_emulator.amplify.transform.iam_policies import policies
from habitr_emulator.amplify.transform.resources import Resources
from habitr_emulator.amplify.transform.transformer import expand, finish
from habitr_emulator.services.appsync.spec import FieldInfo, ResolverContext, Unauthorized

SCHEMA = """
type Open @model @auth(rules: [
  { allow: public, provider: iam, operations: [read] }
  { allow: private, provider: iam }
]) {
  id: ID!
}
type Closed @model @auth(rules: [{ allow: private, provider: iam }]) { id: ID! }
"""
ROLES = IamRoles("theAuthRole", "theUnauthRole", "us-east-1:pool")


def signed(role: str, **identity: str) -> ResolverContext:
    arn = f"arn:aws:sts::000000000000:assumed-role/{role}/CognitoIdentityCredentials"
    return ResolverContext(
        {"id": "x"},
        None,
        {"userArn": arn, **identity},
        "AWS_IAM",
        FieldInfo("f", "Query", {}),
        "query",
        str,
        str,
    )


def test_a_guest_reads_what_is_public_and_nothing_else() -> None:
    made = finish(*expand(SCHEMA, flags=Flags(), providers=("iam",)), Resources(iam=ROLES))
    opened, closed = (made.resolvers["Query", name].functions[0].request for name in ("getOpen", "getClosed"))
    assert opened(signed("theUnauthRole"))["operation"] == "GetItem"  # type: ignore[operator, misc]
    assert closed(signed("theAuthRole"))["operation"] == "GetItem"  # type: ignore[operator, misc]
    with pytest.raises(Unauthorized):
        closed(signed("theUnauthRole"))  # type: ignore[operator, misc]
    with pytest.raises(Unauthorized):
        closed(signed("somebodyElse"))  # type: ignore[operator, misc]


def test_an_authenticated_identity_of_the_pool_is_private_whatever_its_role() -> None:
    made = finish(*expand(SCHEMA, flags=Flags(), providers=("iam",)), Resources(iam=ROLES))
    closed = made.resolvers["Query", "getClosed"].functions[0].request
    identity = {"cognitoIdentityPoolId": "us-east-1:pool", "cognitoIdentityAuthType": "authenticated"}
    assert closed(signed("adminGroupRole", **identity))  # type: ignore[operator, misc]


def test_admins_are_bound_by_no_rule_and_come_signed() -> None:
    schema = "type Mine @model @auth(rules: [{ allow: owner }]) { id: ID! } type Bare @model { id: ID! }"
    admins = IamRoles("theAuthRole", "theUnauthRole", "us-east-1:pool", ("workerRole-dev",))
    expanded = expand(schema, flags=Flags(), providers=("userPools", "iam"), admins=True)
    made = finish(*expanded, Resources(iam=admins))
    assert "type Mine @aws_iam @aws_cognito_user_pools" in made.sdl
    worker = signed("workerRole-dev")
    worker.identity = {"userArn": "arn:aws:sts::000000000000:assumed-role/workerRole-dev/worker-dev"}
    for name in ("getMine", "getBare"):
        get = made.resolvers["Query", name].functions[0].request
        assert get(worker)["operation"] == "GetItem"  # type: ignore[operator, misc]
        for other in ("theAuthRole", "anotherRole"):
            with pytest.raises(Unauthorized):
                get(signed(other))  # type: ignore[operator, misc]


def test_the_roles_policies_name_the_fields_of_the_rules() -> None:
    transformation, _ = expand(SCHEMA, flags=Flags(), providers=("iam",))
    members, guests = policies(transformation, "arn:api")
    assert members is not None
    assert guests is not None
    assert "arn:api/types/Query/fields/getClosed" in members["Statement"][0]["Resource"]
    assert "arn:api/types/Query/fields/getClosed" not in guests["Statement"][0]["Resource"]
    assert "arn:api/types/Query/fields/listOpens" in guests["Statement"][0]["Resource"]
