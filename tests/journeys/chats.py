"""GraphQL APIs with every authentication mode, for the clients that are to speak each of them."""

import io
import json
import zipfile
from typing import Any

from tests.journeys.conftest import Running

_ALL = "@aws_api_key @aws_cognito_user_pools @aws_iam @aws_lambda @aws_oidc"
SDL = f"""
type Query {{ whoami: String {_ALL} secret: String {_ALL} }}
type Mutation {{ say(text: String!, room: String): Line {_ALL} }}
type Subscription {{ onSay(room: String): Line @aws_subscribe(mutations: ["say"]) {_ALL} }}
type Line {_ALL} {{ text: String room: String }}
"""
AUTHORIZER = """
def handler(event, context):
    token = event["authorizationToken"]
    return {
        "isAuthorized": token.startswith("let-me-in"),
        "resolverContext": {"name": token},
        "deniedFields": ["Query.secret"],
        "ttlOverride": 0,
    }
"""
RESULT = "$util.toJson($ctx.result)"


def of_every_mode(emulator: Running) -> dict[str, Any]:
    """A chat with four modes and one with OIDC, whose issuer is the project's user pool."""
    pool, region = emulator.config["user_pool_id"], emulator.config["region"]
    authorizer = _function(emulator)
    chat = _chat(
        emulator,
        authenticationType="API_KEY",
        additionalAuthenticationProviders=[
            {
                "authenticationType": "AMAZON_COGNITO_USER_POOLS",
                "userPoolConfig": {"userPoolId": pool, "awsRegion": region},
            },
            {"authenticationType": "AWS_IAM"},
            {"authenticationType": "AWS_LAMBDA", "lambdaAuthorizerConfig": {"authorizerUri": authorizer}},
        ],
    )
    issuer = f"https://cognito-idp.{region}.amazonaws.com/{pool}"
    oidc = _chat(emulator, authenticationType="OPENID_CONNECT", openIDConnectConfig={"issuer": issuer})
    _let_members_in(emulator, chat["arn"])
    key = emulator.client("appsync").create_api_key(apiId=chat["apiId"])["apiKey"]["id"]
    return {
        "chat_id": chat["apiId"],
        "chat_url": chat["uris"]["GRAPHQL"],
        "chat_key": key,
        "oidc_url": oidc["uris"]["GRAPHQL"],
    }


def _chat(emulator: Running, **modes: Any) -> dict[str, Any]:
    client = emulator.client("appsync")
    made: dict[str, Any] = client.create_graphql_api(name="chat", **modes)["graphqlApi"]
    id_ = made["apiId"]
    client.start_schema_creation(apiId=id_, definition=SDL.encode())
    client.create_data_source(apiId=id_, name="Nothing", type="NONE")
    for at, payload in (
        ("Query.whoami", '"$util.authType()"'),
        ("Query.secret", '"x"'),
        ("Mutation.say", "$util.toJson($ctx.args)"),
    ):
        type_name, _, field = at.partition(".")
        client.create_resolver(
            apiId=id_,
            typeName=type_name,
            fieldName=field,
            dataSourceName="Nothing",
            requestMappingTemplate=f'{{"version": "2018-05-29", "payload": {payload}}}',
            responseMappingTemplate=RESULT,
        )
    return made


def _function(emulator: Running) -> str:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.py", AUTHORIZER)
    made = emulator.client("lambda").create_function(
        FunctionName=f"authorizer-{id(packed)}",
        Runtime="python3.11",
        Handler="index.handler",
        Role="arn:aws:iam::000000000000:role/any",
        Code={"ZipFile": packed.getvalue()},
    )
    return str(made["FunctionArn"])


def _let_members_in(emulator: Running, arn: str) -> None:
    """Let the identity pool's signed-in role call an API."""
    pool = emulator.config["identity_pool_id"]
    roles = emulator.client("cognito-identity").get_identity_pool_roles(IdentityPoolId=pool)["Roles"]
    statement = {"Effect": "Allow", "Action": "appsync:GraphQL", "Resource": f"{arn}/*"}
    emulator.client("iam").put_role_policy(
        RoleName=roles["authenticated"].rpartition("/")[2],
        PolicyName=arn.rpartition("/")[2],
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )
