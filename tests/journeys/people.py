"""Users, as an application makes them: sign-up, code from the inbox, SRP sign-in, identity-pool credentials."""

import json
import secrets
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

from tests.journeys.conftest import Running

PASSWORD = "correct-Horse-9"
CREATE_HABIT = """mutation C($tagline: String!, $category: Category!, $details: String) {
  createHabit(input: {tagline: $tagline, category: $category, details: $details, ups: 0, downs: 0}) {
    id tagline category details owner ups downs createdAt updatedAt } }"""
VOTE = """mutation V($habitId: ID!, $type: VoteType!) { vote(habitId: $habitId, type: $type) {
  habit { id ups downs } user { username upvotedHabits downvotedHabits } } }"""


@dataclass
class Person:
    """A confirmed user with the tokens of one sign-in."""

    emulator: Running
    username: str
    access: str
    id: str
    refresh: str

    def graphql(self, query: str, **variables: Any) -> dict[str, Any]:
        """The whole GraphQL answer, data and errors."""
        return graphql(self.emulator, query, variables, {"authorization": self.access})[1]

    def credentials(self) -> dict[str, Any]:
        """Identity-pool credentials as boto3 takes them, and the identity id."""
        config = self.emulator.config
        logins = {f"cognito-idp.{config['region']}.amazonaws.com/{config['user_pool_id']}": self.id}
        pool = self.emulator.client("cognito-identity")
        identity = pool.get_id(IdentityPoolId=config["identity_pool_id"], Logins=logins)["IdentityId"]
        found = pool.get_credentials_for_identity(IdentityId=identity, Logins=logins)["Credentials"]
        return {"identity_id": identity, **boto_keys(found)}


def boto_keys(credentials: dict[str, Any]) -> dict[str, str]:
    return {
        "aws_access_key_id": credentials["AccessKeyId"],
        "aws_secret_access_key": credentials["SecretKey"],
        "aws_session_token": credentials["SessionToken"],
    }


def new_name(prefix: str) -> str:
    return f"{prefix}{secrets.token_hex(5)}"


def code_for(emulator: Running, username: str) -> str:
    return str(emulator.get(f"/_habitr/inbox?username={username}&wait=5&last")["code"])


def sign_up(emulator: Running, prefix: str = "user") -> str:
    """SignUp and ConfirmSignUp; the user name."""
    idp, name, client = emulator.client("cognito-idp"), new_name(prefix), emulator.config["app_client_id"]
    email = [{"Name": "email", "Value": f"{name}@example.com"}]
    idp.sign_up(ClientId=client, Username=name, Password=PASSWORD, UserAttributes=email)
    idp.confirm_sign_up(ClientId=client, Username=name, ConfirmationCode=code_for(emulator, name))
    return name


def sign_in(emulator: Running, username: str, password: str = PASSWORD) -> Person:
    """USER_SRP_AUTH by pycognito."""
    from pycognito.aws_srp import AWSSRP

    config = emulator.config
    client = AWSSRP(
        username=username,
        password=password,
        pool_id=config["user_pool_id"],
        client_id=config["app_client_id"],
        client=emulator.client("cognito-idp"),
    )
    result = client.authenticate_user()["AuthenticationResult"]
    return Person(emulator, username, result["AccessToken"], result["IdToken"], result["RefreshToken"])


def person(emulator: Running, prefix: str = "user") -> Person:
    """A new user, signed in."""
    return sign_in(emulator, sign_up(emulator, prefix))


def graphql(
    emulator: Running, query: str, variables: dict[str, Any] | None = None, headers: dict[str, str] | None = None
) -> tuple[int, dict[str, Any]]:
    """Status and body of a GraphQL request."""
    body = json.dumps({"query": query, "variables": variables or {}}).encode()
    request = urllib.request.Request(emulator.config["graphql_url"], body, {**(headers or {})})
    return fetch(request)


def api_key(emulator: Running) -> dict[str, str]:
    return {"x-api-key": emulator.config["graphql_api_key"]}


def fetch(request: urllib.request.Request) -> tuple[int, dict[str, Any]]:
    """Status and JSON of any request, refused or not."""
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, json.loads(answer.read() or b"{}")
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, json.loads(refused.read() or b"{}")
