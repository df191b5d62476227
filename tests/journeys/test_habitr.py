"""The Habitr backend from end to end with boto3 and pycognito: what a newcomer's client does."""

import io
import json
import os
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.journeys.conftest import Running
from tests.journeys.people import (
    CREATE_HABIT,
    PASSWORD,
    VOTE,
    Person,
    api_key,
    code_for,
    graphql,
    new_name,
    person,
    sign_in,
    sign_up,
)


@pytest.fixture(scope="module")
def alice(emulator: Running) -> Person:
    return person(emulator, "alice")


@pytest.fixture(scope="module")
def bob(emulator: Running) -> Person:
    return person(emulator, "bob")


def code_of(refused: pytest.ExceptionInfo[ClientError]) -> str:
    return str(refused.value.response["Error"]["Code"])


def test_a_wrong_code_is_refused_and_the_right_one_runs_the_trigger_before_it_answers(emulator: Running) -> None:
    idp, name, client = emulator.client("cognito-idp"), new_name("carol"), emulator.config["app_client_id"]
    email = [{"Name": "email", "Value": f"{name}@example.com"}]
    idp.sign_up(ClientId=client, Username=name, Password=PASSWORD, UserAttributes=email)
    code = code_for(emulator, name)
    wrong = "000000" if code != "000000" else "111111"
    with pytest.raises(ClientError) as refused:
        idp.confirm_sign_up(ClientId=client, Username=name, ConfirmationCode=wrong)
    assert code_of(refused) == "CodeMismatchException"
    idp.confirm_sign_up(ClientId=client, Username=name, ConfirmationCode=code)
    _, answer = graphql(
        emulator, "query($u: String!) { getUser(username: $u) { username } }", {"u": name}, api_key(emulator)
    )
    assert answer == {"data": {"getUser": {"username": name}}}


def test_a_wrong_password_and_an_unconfirmed_user_do_not_sign_in(emulator: Running, alice: Person) -> None:
    with pytest.raises(ClientError) as refused:
        sign_in(emulator, alice.username, "wrong-Horse-9")
    assert code_of(refused) == "NotAuthorizedException"
    idp, name = emulator.client("cognito-idp"), new_name("dave")
    email = [{"Name": "email", "Value": f"{name}@example.com"}]
    idp.sign_up(ClientId=emulator.config["app_client_id"], Username=name, Password=PASSWORD, UserAttributes=email)
    with pytest.raises(ClientError) as refused:
        sign_in(emulator, name)
    assert code_of(refused) == "UserNotConfirmedException"


def test_a_refresh_token_gives_new_tokens_until_it_is_revoked(emulator: Running) -> None:
    eve, idp, client = person(emulator, "eve"), emulator.client("cognito-idp"), emulator.config["app_client_id"]
    renewed = idp.get_tokens_from_refresh_token(ClientId=client, RefreshToken=eve.refresh)["AuthenticationResult"]
    assert idp.get_user(AccessToken=renewed["AccessToken"])["Username"] == eve.username
    old = idp.initiate_auth(
        ClientId=client, AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters={"REFRESH_TOKEN": eve.refresh}
    )
    assert "RefreshToken" not in old["AuthenticationResult"]
    idp.revoke_token(ClientId=client, Token=eve.refresh)
    with pytest.raises(ClientError) as refused:
        idp.get_tokens_from_refresh_token(ClientId=client, RefreshToken=eve.refresh)
    assert code_of(refused) == "NotAuthorizedException"


def test_global_sign_out_ends_every_token_in_cognito_and_none_in_appsync(emulator: Running) -> None:
    frank, idp = person(emulator, "frank"), emulator.client("cognito-idp")
    idp.global_sign_out(AccessToken=frank.access)
    with pytest.raises(ClientError) as refused:
        idp.get_user(AccessToken=frank.access)
    assert code_of(refused) == "NotAuthorizedException"
    assert "errors" not in frank.graphql("{ listHabits(limit: 1) { nextToken } }")


@pytest.mark.parametrize("form", ["{access}", "Bearer {access}", "{id}", "Bearer {id}"])
def test_graphql_takes_either_token_with_or_without_bearer(emulator: Running, alice: Person, form: str) -> None:
    value = form.format(access=alice.access, id=alice.id)
    query = "query($u: String!) { getUser(username: $u) { username upvotedHabits } }"
    status, answer = graphql(emulator, query, {"u": alice.username}, {"authorization": value})
    assert (status, answer) == (200, {"data": {"getUser": {"username": alice.username, "upvotedHabits": None}}})


def test_a_habit_is_created_found_nested_and_commented(alice: Person, bob: Person) -> None:
    made = alice.graphql(CREATE_HABIT, tagline="Walk", category="Health", details="daily")["data"]["createHabit"]
    assert (made["owner"], made["ups"]) == (alice.username, None if made["ups"] is None else 0)
    bob.graphql('mutation($h: ID!) { createComment(input: {habitId: $h, comment: "nice"}) { id } }', h=made["id"])
    query = """query($id: ID!) { getHabit(id: $id) {
        tagline author { username } comments { items { comment by { username } } } } }"""
    assert bob.graphql(query, id=made["id"]) == {
        "data": {
            "getHabit": {
                "tagline": "Walk",
                "author": {"username": alice.username},
                "comments": {"items": [{"comment": "nice", "by": {"username": bob.username}}]},
            }
        }
    }
    listed = bob.graphql(
        "{ habitsByCategory(category: Health, sortDirection: DESC, limit: 1000) { items { id } } }"
    )
    assert made["id"] in [item["id"] for item in listed["data"]["habitsByCategory"]["items"]]


def test_rules_bind_models_and_fields(alice: Person, bob: Person) -> None:
    refused = bob.graphql(
        'mutation($u: String!) { updateUser(input: {username: $u, name: "x"}) { username } }', u=alice.username
    )
    assert refused["data"] == {"updateUser": None}
    assert refused["errors"][0]["errorType"] == "Unauthorized"
    seen = bob.graphql("query($u: String!) { getUser(username: $u) { username upvotedHabits } }", u=alice.username)
    assert seen["data"]["getUser"] == {"username": alice.username, "upvotedHabits": None}
    assert seen["errors"][0]["path"] == ["getUser", "upvotedHabits"]
    own = alice.graphql(
        'mutation($u: String!) { updateUser(input: {username: $u, name: "Al"}) { name } }', u=alice.username
    )
    assert own == {"data": {"updateUser": {"name": "Al"}}}


def test_votes_count_switch_and_do_not_repeat(alice: Person, bob: Person) -> None:
    habit = alice.graphql(CREATE_HABIT, tagline="Vote", category="Finance")["data"]["createHabit"]["id"]

    def vote(kind: str) -> Any:
        return bob.graphql(VOTE, habitId=habit, type=kind)["data"]["vote"]

    assert vote("upvote") == {
        "habit": {"id": habit, "ups": 1, "downs": 0},
        "user": {"username": bob.username, "upvotedHabits": [habit], "downvotedHabits": None},
    }
    assert vote("upvote") is None
    switched = vote("downvote")
    assert (switched["habit"]["ups"], switched["habit"]["downs"]) == (0, 1)
    assert vote("removeDownvote")["habit"] == {"id": habit, "ups": 0, "downs": 0}


def test_a_thousand_simultaneous_votes_are_all_counted(emulator: Running) -> None:
    idp, config = emulator.client("cognito-idp"), emulator.config
    _, made = graphql(emulator, CREATE_HABIT, {"tagline": "Crowd", "category": "Health"}, api_key(emulator))
    habit = made["data"]["createHabit"]["id"]

    def voter(number: int) -> str:
        name, pool = f"crowd{number}{habit[:4]}", config["user_pool_id"]
        idp.admin_create_user(UserPoolId=pool, Username=name, MessageAction="SUPPRESS")
        idp.admin_set_user_password(UserPoolId=pool, Username=name, Password=PASSWORD, Permanent=True)
        graphql(
            emulator,
            "mutation($u: String!) { createUser(input: {username: $u}) { username } }",
            {"u": name},
            api_key(emulator),
        )
        answer = idp.initiate_auth(
            ClientId=config["script_client_id"],
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": name, "PASSWORD": PASSWORD},
        )
        return str(answer["AuthenticationResult"]["AccessToken"])

    def vote(token: str) -> dict[str, Any]:
        return graphql(emulator, VOTE, {"habitId": habit, "type": "upvote"}, {"authorization": token})[1]

    with ThreadPoolExecutor(8) as pool:
        tokens = list(pool.map(voter, range(1000)))
    with ThreadPoolExecutor(64) as pool:
        answers = list(pool.map(vote, tokens))
    assert not [answer for answer in answers if "errors" in answer]
    assert sorted(answer["data"]["vote"]["habit"]["ups"] for answer in answers) == list(range(1, 1001))


def test_a_photo_is_its_owners_to_write_and_everybodys_to_read_but_no_guests(
    emulator: Running, alice: Person, bob: Person
) -> None:
    mine, theirs, bucket = alice.credentials(), bob.credentials(), emulator.config["bucket"]
    identity = mine.pop("identity_id")
    theirs.pop("identity_id")
    key = f"protected/{identity}/photo.png"
    emulator.client("s3", **mine).put_object(
        Bucket=bucket, Key=key, Body=io.BytesIO(b"png"), ContentType="image/png"
    )
    assert emulator.client("s3", **theirs).get_object(Bucket=bucket, Key=key)["Body"].read() == b"png"
    for operation in ("put_object", "delete_object"):
        with pytest.raises(ClientError) as refused:
            getattr(emulator.client("s3", **theirs), operation)(Bucket=bucket, Key=key)
        assert code_of(refused) == "AccessDenied"
    url = emulator.client("s3", **mine).generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": key})
    with urllib.request.urlopen(url) as answer:
        assert (answer.read(), answer.headers["content-type"]) == (b"png", "image/png")
    pool = emulator.client("cognito-identity")
    guest = pool.get_id(IdentityPoolId=emulator.config["identity_pool_id"])["IdentityId"]
    keys = pool.get_credentials_for_identity(IdentityId=guest)["Credentials"]
    with pytest.raises(ClientError) as refused:
        emulator.client(
            "s3",
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretKey"],
            aws_session_token=keys["SessionToken"],
        ).get_object(Bucket=bucket, Key=key)
    assert code_of(refused) == "AccessDenied"


def test_the_rest_api_answers_and_fails_as_api_gateway_does(emulator: Running, alice: Person) -> None:
    def exists(body: bytes) -> tuple[int, Any]:
        request = urllib.request.Request(f"{emulator.config['rest_url']}/user/exists", body, method="POST")
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, json.load(refused)

    assert exists(json.dumps({"username": alice.username}).encode()) == (200, {"exists": True})
    assert exists(json.dumps({"username": alice.username.upper()}).encode()) == (200, {"exists": False})
    assert exists(b"not json") == (502, {"message": "Internal server error"})


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ({"aws_secret_access_key": "wrong"}, "InvalidSignatureException"),
        ({"aws_access_key_id": "AKIAUNKNOWN000000000"}, "UnrecognizedClientException"),
        ({"aws_session_token": "forged"}, "UnrecognizedClientException"),
    ],
)
def test_bad_credentials_get_the_errors_of_aws(emulator: Running, keys: dict[str, str], code: str) -> None:
    with pytest.raises(ClientError) as refused:
        emulator.client("dynamodb", **keys).list_tables()
    assert code_of(refused) == code
    assert refused.value.response["ResponseMetadata"]["HTTPHeaders"]["x-habitr-why"]


def test_the_aws_cli_needs_only_the_endpoint(emulator: Running) -> None:
    import subprocess
    import sys
    from pathlib import Path

    aws = Path(sys.executable).parent / "aws"
    environment = {
        **os.environ,
        "AWS_ENDPOINT_URL": emulator.endpoint,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    done = subprocess.run(
        [aws, "s3", "ls"], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    assert emulator.config["bucket"] in done.stdout


def test_names_are_not_shared_between_sign_up_and_sign_in_case(emulator: Running) -> None:
    name = sign_up(emulator, "Grace")
    assert sign_in(emulator, name.upper()).access
