"""Projects of every age, minimal and own-written: the shapes that the Amplify CLI wrote since 2018."""

import json
from pathlib import Path
from typing import Any

import pytest

from habitr_emulator.amplify.backend import Backend
from habitr_emulator.amplify.project import load
from habitr_emulator.amplify.yaml_template import parse
from habitr_emulator.kernel.errors import ProjectError
from habitr_emulator.services.appsync.spec import FieldInfo, JavaScript, ResolverContext, Unauthorized
from habitr_emulator.services.cognito_idp.spec import AppClient
from habitr_emulator.services.iam.spec import Role

TODO = "type Todo @model @auth(rules: [{allow: owner}]) { id: ID! name: String! }"
KEYED = "type Todo @model { id: ID! name: String! }"
DEFAULT_POOL = {
    "resourceName": "pool",
    "authSelections": "identityPoolAndUserPool",
    "authRoleArn": {"Fn::GetAtt": ["AuthRole", "Arn"]},
    "unauthRoleName": {"Ref": "UnauthRoleName"},
    "userPoolName": "pool_userpool",
    "autoVerifiedAttributes": ["email"],
    "mfaConfiguration": "OFF",
    "passwordPolicyMinLength": 8,
    "passwordPolicyCharacters": ["Requires Lowercase", "Requires Numbers"],
    "requiredAttributes": ["email"],
    "userpoolClientGenerateSecret": True,
    "userpoolClientRefreshTokenValidity": "30",
    "allowUnauthenticatedIdentities": False,
}


def project(folder: Path, listed: dict[str, Any], files: dict[str, Any]) -> Path:
    """A project with ``backend-config.json`` and further files below ``amplify/backend`` (texts or JSON)."""
    for name, content in {"backend-config.json": listed, **files}.items():
        path = folder / "app" / "amplify" / "backend" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content))
    return folder / "app"


def entry(service: str, **more: Any) -> dict[str, Any]:
    return {"service": service, "providerPlugin": "awscloudformation", **more}


def function(name: str = "worker", properties: dict[str, Any] | None = None, **resources: Any) -> dict[str, Any]:
    """An Amplify function's template."""
    return {
        "Parameters": {"env": {"Type": "String"}, "authpoolUserPoolId": {"Type": "String", "Default": "x"}},
        "Conditions": {"NoEnv": {"Fn::Equals": [{"Ref": "env"}, "NONE"]}},
        "Resources": {
            "LambdaFunction": {
                "Type": "AWS::Lambda::Function",
                "Properties": {
                    "FunctionName": {"Fn::If": ["NoEnv", name, {"Fn::Join": ["", [name, "-", {"Ref": "env"}]]}]},
                    "Role": {"Fn::GetAtt": ["LambdaExecutionRole", "Arn"]},
                    "Handler": "index.handler",
                    "Runtime": "nodejs18.x",
                    "Timeout": "25",
                    **(properties or {}),
                },
            },
            "LambdaExecutionRole": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "RoleName": {"Fn::Sub": f"{name}Role-${{env}}"},
                    "AssumeRolePolicyDocument": {
                        "Version": "2012-10-17",
                        "Statement": [
                            {
                                "Effect": "Allow",
                                "Principal": {"Service": ["lambda.amazonaws.com"]},
                                "Action": ["sts:AssumeRole"],
                            }
                        ],
                    },
                },
            },
            **resources,
        },
    }


def with_function(folder: Path, template: Any, listed: dict[str, Any] | None = None, **files: Any) -> Backend:
    given = {"function/worker/worker-cloudformation-template.json": template, "function/worker/src/index.js": ""}
    return load(project(folder, {"function": {"worker": entry("Lambda")}, **(listed or {})}, given | files))


def notes(backend: Backend) -> str:
    return "\n".join(map(str, backend.notes))


def roles(backend: Backend) -> dict[str, Role]:
    return {role.role_name: role for role in backend.roles}


def clients(backend: Backend) -> dict[str, AppClient]:
    return {client.settings["ClientName"]: client for client in backend.user_pools[0].clients}


def test_a_project_of_2018_runs(tmp_path: Path) -> None:
    folder = project(
        tmp_path,
        {
            "auth": {"pool": entry("Cognito")},
            "api": {"todo": entry("AppSync")},
            "storage": {"files": entry("S3")},
            "hosting": {"S3AndCloudFront": entry("S3AndCloudFront")},
        },
        {
            "auth/pool/parameters.json": DEFAULT_POOL,
            "api/todo/parameters.json": {
                "AppSyncApiName": "todo",
                "AuthCognitoUserPoolId": {"Fn::GetAtt": ["authpool", "Outputs.UserPoolId"]},
            },
            "api/todo/schema.graphql": TODO,
            "storage/files/parameters.json": {
                "bucketName": "Files",
                "authPermissions": "rw",
                "unauthPermissions": "r",
            },
        },
    )
    backend = load(folder)
    assert backend.graphql_apis[0].auth_modes[0].type == "AMAZON_COGNITO_USER_POOLS"
    assert backend.graphql_apis[0].auth_modes[0].user_pool_id == backend.user_pools[0].user_pool_id
    assert backend.buckets[0].bucket_name == "files-dev"
    assert "files-dev/public/*" in json.dumps(roles(backend)["amplify-app-dev-unauthRole"].policies)
    assert clients(backend)["pool_app_client"].client_secret
    assert clients(backend)["pool_app_clientWeb"].client_secret is None
    assert "UsernameConfiguration" not in backend.user_pools[0].settings
    assert [str(note) for note in backend.notes] == [
        "hosting/S3AndCloudFront: is not run: hosting by S3AndCloudFront"
    ]


@pytest.mark.parametrize(
    ("output", "mode"),
    [
        ({"securityType": "AMAZON_COGNITO_USER_POOLS"}, "AMAZON_COGNITO_USER_POOLS"),
        ({"securityType": "API_KEY"}, "API_KEY"),
        ({"authConfig": {"defaultAuthentication": {"authenticationType": "AWS_IAM"}}}, "AWS_IAM"),
        ({}, "API_KEY"),
    ],
)
def test_authentication_types_of_older_projects(tmp_path: Path, output: Any, mode: str) -> None:
    listed = {"api": {"todo": entry("AppSync", output=output)}}
    backend = load(project(tmp_path, listed, {"api/todo/schema/all.graphql": KEYED}))
    assert backend.api_sources[0].modes[0].type == mode


def test_a_function_may_have_another_name_than_its_folder(tmp_path: Path) -> None:
    api = {"paths": [{"name": "/items", "lambdaFunction": "worker", "privacy": {"open": True}}]}
    backend = with_function(
        tmp_path,
        function("renamed"),
        {"api": {"rest": entry("API Gateway")}},
        **{"api/rest/api-params.json": api},
    )
    assert backend.functions[0].function_name == "renamed-dev"
    assert {route.function_name for route in backend.rest_apis[0].routes} == {"renamed-dev"}
    assert backend.functions[0].role_arn == "arn:aws:iam::000000000000:role/renamedRole-dev"


def test_a_function_learns_ids_of_other_resources_and_its_role_gets_its_custom_policies(tmp_path: Path) -> None:
    variables = {"POOL": {"Ref": "authpoolUserPoolId"}, "GROUP": {"Ref": "GROUP"}, "MINE": {"Ref": "mine"}}
    template = function(properties={"Environment": {"Variables": variables}})
    template["Parameters"] |= {"GROUP": {"Type": "String"}, "mine": {"Type": "String", "Default": "d"}}
    files: dict[str, Any] = {
        "auth/pool/parameters.json": DEFAULT_POOL,
        "function/worker/function-parameters.json": {"mine": "given"},
        "function/worker/custom-policies.json": [
            {"Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::x-${env}/*"]}
        ],
        "../team-provider-info.json": {"prod": {"categories": {"function": {"worker": {"GROUP": "staff"}}}}},
    }
    backend = with_function(tmp_path, template, {"auth": {"pool": entry("Cognito")}}, **files)
    expected = {"POOL": backend.user_pools[0].user_pool_id, "GROUP": "staff", "MINE": "given"}
    assert backend.functions[0].environment == expected
    assert backend.environment == "prod"
    assert "arn:aws:s3:::x-prod/*" in json.dumps(roles(backend)["workerRole-prod"].policies)
    assert not backend.notes


def test_a_table_feeds_its_trigger(tmp_path: Path) -> None:
    source = {
        "Type": "AWS::Lambda::EventSourceMapping",
        "Properties": {
            "EventSourceArn": {"Ref": "storageordersStreamArn"},
            "BatchSize": "10",
            "StartingPosition": "LATEST",
        },
    }
    inputs = {
        "tableName": "orders",
        "partitionKey": {"fieldName": "id", "fieldType": "string"},
        "sortKey": {"fieldName": "at", "fieldType": "number"},
        "gsi": [{"name": "byUser", "partitionKey": {"fieldName": "user", "fieldType": "string"}}],
        "triggerFunctions": ["worker"],
    }
    backend = with_function(
        tmp_path,
        function(Trigger=source),
        {"storage": {"orders": entry("DynamoDB")}},
        **{"storage/orders/cli-inputs.json": inputs},
    )
    (table,), (fed,) = backend.tables, backend.event_sources
    assert table.table_name == fed.table_name == "orders-dev"
    assert table.settings["GlobalSecondaryIndexes"][0]["IndexName"] == "byUser"
    assert fed.settings == {"StartingPosition": "LATEST", "BatchSize": 10}


def test_a_model_feeds_its_trigger(tmp_path: Path) -> None:
    arn = {"Fn::ImportValue": {"Fn::Sub": "${apitodoGraphQLAPIIdOutput}:GetAtt:TodoTable:StreamArn"}}
    source = {
        "Type": "AWS::Lambda::EventSourceMapping",
        "Properties": {"EventSourceArn": arn, "StartingPosition": "TRIM_HORIZON"},
    }
    backend = with_function(
        tmp_path,
        function(Trigger=source),
        {"api": {"todo": entry("AppSync")}},
        **{"api/todo/schema.graphql": KEYED},
    )
    assert backend.event_sources[0].table_name == backend.table_names["Todo"]


def test_a_table_of_an_older_template(tmp_path: Path) -> None:
    template = {
        "Parameters": {"tableName": {"Type": "String"}, "env": {"Type": "String"}},
        "Resources": {
            "DynamoDBTable": {
                "Type": "AWS::DynamoDB::Table",
                "Properties": {
                    "TableName": {"Fn::Join": ["", [{"Ref": "tableName"}, "-", {"Ref": "env"}]]},
                    "AttributeDefinitions": [
                        {"AttributeName": "id", "AttributeType": "S"},
                        {"AttributeName": "unused", "AttributeType": "S"},
                    ],
                    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                    "ProvisionedThroughput": {"ReadCapacityUnits": "5", "WriteCapacityUnits": "5"},
                    "StreamSpecification": {"StreamViewType": "NEW_IMAGE"},
                },
            }
        },
    }
    files: dict[str, Any] = {
        "storage/old/old-cloudformation-template.json": template,
        "storage/old/parameters.json": {"tableName": "old"},
    }
    backend = load(project(tmp_path, {"storage": {"old": entry("DynamoDB")}}, files))
    settings = backend.tables[0].settings
    assert backend.tables[0].table_name == "old-dev"
    assert [each["AttributeName"] for each in settings["AttributeDefinitions"]] == ["id"]
    assert settings["ProvisionedThroughput"] == {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}
    assert settings["StreamSpecification"]["StreamViewType"] == "NEW_IMAGE"


def test_a_custom_template_in_yaml_brings_its_table_and_tells_the_rest(tmp_path: Path) -> None:
    text = """
Parameters:
  env: {Type: String}
Conditions:
  Production: !Equals [!Ref env, prod]
Resources:
  Log:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: !Sub "log-${env}"
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
  Topic:
    Type: AWS::SNS::Topic
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Condition: Production
Outputs:
  LogName: {Value: !Ref Log}
"""
    variables = {"Environment": {"Variables": {"LOG": {"Ref": "customlogLogName"}}}}
    backend = with_function(
        tmp_path,
        function(properties=variables),
        {"custom": {"log": entry("customCloudformation"), "cdk": entry("customCDK")}},
        **{"custom/log/log-cloudformation-template.yaml": text, "custom/cdk/cdk-stack.ts": ""},
    )
    assert backend.tables[0].table_name == "log-dev"
    assert backend.functions[0].environment == {"LOG": "log-dev"}
    assert "custom/log: Topic is not run: AWS::SNS::Topic" in notes(backend)
    assert "CDK code is not run" in notes(backend)
    assert "Alarm" not in notes(backend)


def test_imported_resources_keep_their_ids(tmp_path: Path) -> None:
    given = {"authSelections": "identityPoolAndUserPool", "resourceName": "pool", "serviceType": "imported"}
    ids = {
        "userPoolId": "eu-west-1_abcdefghi",
        "webClientId": "web1",
        "nativeClientId": "native1",
        "identityPoolId": "eu-west-1:0f0e0d0c-1111-2222-3333-444455556666",
    }
    info = {"dev": {"categories": {"auth": {"pool": ids}, "storage": {"files": {"bucketName": "their-bucket"}}}}}
    folder = project(
        tmp_path,
        {
            "auth": {"pool": entry("Cognito", serviceType="imported")},
            "storage": {
                "files": entry("S3", serviceType="imported"),
                "rows": entry("DynamoDB", serviceType="imported"),
            },
        },
        {
            "auth/pool/parameters.json": given,
            "storage/files/parameters.json": {"resourceName": "files", "serviceType": "imported"},
            "storage/rows/parameters.json": {"resourceName": "rows", "serviceType": "imported"},
            "../team-provider-info.json": info,
        },
    )
    backend = load(folder)
    assert backend.config["user_pool_id"] == "eu-west-1_abcdefghi"
    assert (backend.config["app_client_id"], backend.config["web_client_id"]) == ("native1", "web1")
    assert backend.identity_pools[0].identity_pool_id == ids["identityPoolId"]
    assert backend.buckets[0].bucket_name == "their-bucket"
    for resource in ("auth/pool", "storage/files", "storage/rows"):
        assert resource in notes(backend)


def test_what_is_not_built_is_listed_each_in_a_line(tmp_path: Path) -> None:
    listed = {
        "geo": {"map": entry("Map"), "places": entry("PlaceIndex")},
        "predictions": {"translate": entry("Translate")},
        "interactions": {"bot": entry("Lex")},
        "notifications": {"push": entry("Pinpoint", channels=["APNS"])},
        "analytics": {"stream": entry("Kinesis")},
        "api": {"box": entry("ElasticContainer")},
        "hosting": {"amplifyhosting": entry("amplifyhosting")},
        "future": {"thing": entry("Quantum")},
        "parameters": {"AMPLIFY_function_work_s3Key": {"usedBy": []}},
    }
    backend = load(project(tmp_path, listed, {}))
    wanted = {f"{category}/{name}" for category, named in listed.items() for name in named}
    assert {note.where for note in backend.notes} == wanted - {"parameters/AMPLIFY_function_work_s3Key"}


def test_missing_pieces_are_told_and_the_rest_runs(tmp_path: Path) -> None:
    listed = {
        "auth": {"pool": entry("Cognito")},
        "api": {"todo": entry("AppSync"), "half": entry("AppSync"), "rest": entry("API Gateway")},
        "function": {"gone": entry("Lambda"), "broken": entry("Lambda")},
        "storage": {"files": entry("S3")},
    }
    files: dict[str, Any] = {
        "api/todo/schema.graphql": KEYED,
        "function/broken/broken-cloudformation-template.json": "{\n  oops\n}",
    }
    backend = load(project(tmp_path, listed, files))
    assert [api.name for api in backend.graphql_apis] == ["todo-dev"]
    told = {note.where for note in backend.notes}
    assert {"auth/pool", "api/half", "api/rest", "function/gone", "function/broken", "storage/files"} <= told
    assert "broken-cloudformation-template.json:2:3" in notes(backend)


def test_without_backend_config_the_folders_tell(tmp_path: Path) -> None:
    files: dict[str, Any] = {
        "auth/pool/parameters.json": DEFAULT_POOL,
        "api/todo/schema.graphql": TODO,
        "api/todo/parameters.json": {"AuthCognitoUserPoolId": "us-east-1_x"},
        "storage/orders/cli-inputs.json": {"tableName": "orders", "partitionKey": {"fieldName": "id"}},
        "function/worker/worker-cloudformation-template.json": function(),
    }
    folder = project(tmp_path, {}, files)
    (folder / "amplify" / "backend" / "backend-config.json").unlink()
    backend = load(folder)
    assert len(backend.user_pools) == len(backend.graphql_apis) == len(backend.functions) == 1
    assert "orders-dev" in {table.table_name for table in backend.tables}
    assert "the folders tell of 4 resources" in notes(backend)


def test_admin_queries_want_an_access_token_with_the_admin_scope(tmp_path: Path) -> None:
    inputs = {
        "version": 1,
        "paths": {
            "/{proxy+}": {"lambdaFunction": "worker", "permissions": {"setting": "private", "auth": ["create"]}}
        },
    }
    listed = {
        "auth": {"pool": entry("Cognito")},
        "api": {"AdminQueries": entry("API Gateway", authorizationType="AMAZON_COGNITO_USER_POOLS")},
    }
    files = {"api/AdminQueries/cli-inputs.json": inputs, "auth/pool/parameters.json": DEFAULT_POOL}
    backend = with_function(tmp_path, function(), listed, **files)
    (route,) = backend.rest_apis[0].routes
    assert (route.path, route.authorization) == ("/{proxy+}", "COGNITO_USER_POOLS")
    assert route.scopes == ("aws.cognito.signin.user.admin",)
    assert route.user_pool_id == backend.user_pools[0].user_pool_id


@pytest.mark.parametrize(
    ("given", "authorization", "methods"),
    [
        ({"privacy": {"open": True}}, "NONE", set()),
        ({"privacy": {"private": True, "auth": "rw"}}, "AWS_IAM", {"*"}),
        ({"privacy": {"protected": True, "auth": ["/POST", "/GET"], "unauth": "r"}}, "AWS_IAM", {"POST", "GET"}),
        (
            {"permissions": {"setting": "private", "auth": ["create", "update"]}},
            "AWS_IAM",
            {"POST", "PUT", "PATCH"},
        ),
    ],
)
def test_who_may_call_a_path(tmp_path: Path, given: Any, authorization: str, methods: set[str]) -> None:
    paths = {"paths": [{"name": "/items", "lambdaFunction": "worker", **given}]}
    listed = {"auth": {"pool": entry("Cognito")}, "api": {"rest": entry("API Gateway")}}
    files = {"api/rest/api-params.json": paths, "auth/pool/parameters.json": DEFAULT_POOL}
    backend = with_function(tmp_path, function(), listed, **files)
    assert {route.authorization for route in backend.rest_apis[0].routes} == {authorization}
    policies = roles(backend)["amplify-app-dev-authRole"].policies.values()
    arns = [arn for policy in policies for statement in policy["Statement"] for arn in statement["Resource"]]
    assert {arn.split("/")[2] for arn in arns} == methods


def test_a_template_of_an_older_api_says_what_is_deployed(tmp_path: Path) -> None:
    uri = {"Fn::Join": ["", ["arn:aws:apigateway:", {"Ref": "AWS::Region"}, ":lambda:path/2015-03-31/functions/",
                             {"Ref": "functionworkerArn"}, "/invocations"]]}  # fmt: skip
    proxy = {"type": "aws_proxy", "httpMethod": "POST", "uri": uri}
    body = {
        "swagger": "2.0",
        "paths": {
            "/open": {"get": {"x-amazon-apigateway-integration": proxy}},
            "/signed": {
                "x-amazon-apigateway-any-method": {
                    "security": [{"sigv4": []}, {"key": []}],
                    "x-amazon-apigateway-integration": proxy,
                }
            },
            "/http": {"get": {"x-amazon-apigateway-integration": {"type": "http_proxy", "uri": "https://x.test"}}},
        },
        "securityDefinitions": {
            "sigv4": {"type": "apiKey", "name": "Authorization", "x-amazon-apigateway-authtype": "awsSigv4"},
            "key": {"type": "apiKey", "name": "x-api-key", "in": "header"},
        },
    }
    arn = {"Fn::Sub": "arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${rest}/${env}/GET/open"}
    statement = {"Effect": "Allow", "Action": ["execute-api:Invoke"], "Resource": [arn]}
    policy = {
        "PolicyName": "callers",
        "Roles": [{"Ref": "unauthRoleName"}],
        "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]},
    }
    template = {
        "Resources": {
            "rest": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Body": body}},
            "Callers": {"Type": "AWS::IAM::Policy", "Properties": policy},
        }
    }
    backend = with_function(
        tmp_path,
        function(),
        {"api": {"rest": entry("API Gateway")}, "auth": {"pool": entry("Cognito")}},
        **{
            "api/rest/rest-cloudformation-template.json": template,
            "api/rest/api-params.json": {"paths": [{"name": "/other", "lambdaFunction": "worker"}]},
            "auth/pool/parameters.json": DEFAULT_POOL,
        },
    )
    found = {(route.path, route.method): route for route in backend.rest_apis[0].routes}
    assert found["/open", "GET"].authorization == "NONE"
    assert found["/open", "GET"].function_name == "worker-dev"
    assert found["/signed", "ANY"].authorization == "AWS_IAM"
    assert found["/signed", "ANY"].api_key_required
    assert "GET /http is not run" in notes(backend)
    guest = json.dumps(roles(backend)["amplify-app-dev-unauthRole"].policies)
    assert f":{backend.rest_apis[0].api_id}/dev/GET/open" in guest


@pytest.mark.parametrize(
    "given",
    [
        {"triggers": {"PostConfirmation": ["add-to-group"]}},
        {"triggers": '{"PostConfirmation": ["add-to-group"]}'},
        {"triggers": {"postconfirmation": ["custom"]}, "dependsOn": [{"resourceName": "poolPostConfirmation"}]},
        {
            "authTriggerConnections": [
                {"triggerType": "PostConfirmation", "lambdaFunctionName": "poolPostConfirmation"}
            ]
        },
        {
            "authTriggerConnections": [
                '{"triggerType": "PostConfirmation", "lambdaFunctionName": "poolPostConfirmation"}'
            ]
        },
    ],
)
def test_a_trigger_is_connected_and_may_do_what_its_permissions_say(tmp_path: Path, given: Any) -> None:
    permission = {
        "policyName": "AddToGroup",
        "trigger": "PostConfirmation",
        "actions": ["cognito-idp:AdminAddUserToGroup"],
    }
    pool = {**DEFAULT_POOL, **given, "permissions": [json.dumps(permission)]}
    files: dict[str, Any] = {
        "auth/pool/parameters.json": pool,
        "function/poolPostConfirmation/poolPostConfirmation-cloudformation-template.json": function(
            "poolPostConfirmation"
        ),
    }
    listed = {"auth": {"pool": entry("Cognito")}, "function": {"poolPostConfirmation": entry("Lambda")}}
    backend = load(project(tmp_path, listed, files))
    arn = "arn:aws:lambda:us-east-1:000000000000:function:poolPostConfirmation-dev"
    assert backend.user_pools[0].settings["LambdaConfig"] == {"PostConfirmation": arn}
    policy = roles(backend)["poolPostConfirmationRole-dev"].policies["AddToGroup"]
    assert policy["Statement"][0]["Resource"].endswith(f"userpool/{backend.user_pools[0].user_pool_id}")


def test_a_trigger_without_its_function_is_left_out_and_told(tmp_path: Path) -> None:
    pool = {**DEFAULT_POOL, "triggers": {"PreSignUp": ["custom"]}}
    backend = load(project(tmp_path, {"auth": {"pool": entry("Cognito")}}, {"auth/pool/parameters.json": pool}))
    assert backend.user_pools[0].settings["LambdaConfig"] == {}
    assert "the trigger PreSignUp is left out" in notes(backend)


def test_names_groups_and_factors_of_a_pool(tmp_path: Path) -> None:
    google = {
        "ProviderName": "Google",
        "authorize_scopes": "openid email",
        "AttributeMapping": {"email": "email"},
    }
    oauth = {
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthScopes": ["openid"],
        "CallbackURLs": ["http://localhost/"],
        "LogoutURLs": ["http://localhost/"],
    }
    pool = {
        **DEFAULT_POOL,
        "usernameAttributes": ["email, phone_number"],
        "aliasAttributes": [],
        "mfaConfiguration": "OPTIONAL",
        "mfaTypes": ["SMS Text Message", "TOTP"],
        "usernameCaseSensitive": False,
        "hostedUI": True,
        "hostedUIDomainName": "shop",
        "authProvidersUserPool": ["Google", "COGNITO"],
        "hostedUIProviderMeta": json.dumps([google]),
        "oAuthMetadata": json.dumps(oauth),
    }
    files: dict[str, Any] = {
        "auth/pool/cli-inputs.json": {"version": "1", "cognitoConfig": pool},
        "auth/userPoolGroups/user-pool-group-precedence.json": [{"groupName": "staff", "precedence": 1}],
        "storage/files/cli-inputs.json": {"bucketName": "files", "groupAccess": {"staff": ["READ", "DELETE"]}},
    }
    listed = {
        "auth": {"pool": entry("Cognito"), "userPoolGroups": entry("Cognito-UserPool-Groups")},
        "storage": {"files": entry("S3")},
    }
    backend = load(project(tmp_path, listed, files))
    made = backend.user_pools[0]
    assert made.settings["UsernameAttributes"] == ["email", "phone_number"]
    assert made.settings["MfaConfiguration"] == "OPTIONAL"
    assert set(made.factors) == {"SoftwareTokenMfaConfiguration", "SmsMfaConfiguration"}
    assert made.domain == "shop-dev"
    assert clients(backend)["pool_app_clientWeb"].settings["SupportedIdentityProviders"] == ["Google", "COGNITO"]
    group = roles(backend)[f"{made.user_pool_id}-staffGroupRole"]
    assert made.groups[0]["RoleArn"].endswith(f"role/{group.role_name}")
    assert "s3:DeleteObject" in json.dumps(group.policies)
    assert not backend.notes


def test_what_a_function_cannot_have_here_is_told(tmp_path: Path) -> None:
    rule = {"Type": "AWS::Events::Rule", "Properties": {"ScheduleExpression": "rate(5 minutes)"}}
    secret = {"Fn::Sub": "/amplify/${secretsPathAmplifyAppId}/${env}/AMPLIFY_work_KEY"}
    properties = {
        "Environment": {"Variables": {"KEY": secret}},
        "Layers": ["arn:aws:lambda:us-east-1:1:layer:tools:3"],
        "Runtime": "java11",
    }
    backend = with_function(
        tmp_path, function(properties=properties, Rule=rule, Queue={"Type": "AWS::SQS::Queue"})
    )
    text = notes(backend)
    assert backend.functions[0].schedules == ("rate(5 minutes)",)
    assert "runs without its layers: tools" in text
    assert "Parameter Store" in text
    assert "KEY" in text
    assert "runtime java11" in text
    assert "Queue is not run: AWS::SQS::Queue" in text


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("amplify/backend.ts", "Gen 2"),
        ("web/amplify/backend/x.json", "web"),
        ("readme.txt", "amplify/backend is missing"),
    ],
)
def test_a_folder_that_is_no_project_is_refused_in_a_sentence(tmp_path: Path, path: str, told: str) -> None:
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_text("")
    with pytest.raises(ProjectError, match=told):
        load(tmp_path)


def test_the_amplify_folder_itself_may_be_named(tmp_path: Path) -> None:
    folder = project(tmp_path, {"api": {"todo": entry("AppSync")}}, {"api/todo/schema.graphql": KEYED})
    assert load(folder / "amplify").name == load(folder).name == "app"


def test_garbage_among_the_stacks_is_told_and_the_api_runs(tmp_path: Path) -> None:
    files: dict[str, Any] = {
        "api/todo/schema.graphql": KEYED,
        "api/todo/stacks/notes.json": '{"0": "x"}',
        "api/todo/stacks/bad.json": "{",
        "api/todo/stacks/List.json": "[]",
    }
    backend = load(project(tmp_path, {"api": {"todo": entry("AppSync")}}, files))
    assert len(backend.graphql_apis) == 1
    assert {note.where for note in backend.notes if "stacks" in note.where} == {
        "api/todo/stacks/List.json",
        "api/todo/stacks/bad.json",
    }


def test_a_checked_out_environment_is_the_one_that_runs(tmp_path: Path) -> None:
    files: dict[str, Any] = {
        "../team-provider-info.json": {"prod": {}, "test": {}},
        "../.config/local-env-info.json": {"envName": "test"},
    }
    assert load(project(tmp_path, {}, files)).environment == "test"


def test_a_bucket_tells_its_trigger_of_objects(tmp_path: Path) -> None:
    inputs = {"bucketName": "files", "triggerFunction": "worker", "authAccess": ["READ"]}
    files = {"storage/files/cli-inputs.json": inputs}
    backend = with_function(tmp_path, function("renamed"), {"storage": {"files": entry("S3")}}, **files)
    (told,) = backend.buckets[0].notifications
    assert told["LambdaFunctionArn"].endswith(":function:renamed-dev")
    assert told["Events"] == ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"]


def test_a_stack_may_hold_resolvers_in_javascript_and_a_table_of_its_own(tmp_path: Path) -> None:
    stack = {
        "Parameters": {"AppSyncApiId": {"Type": "String"}, "env": {"Type": "String"}},
        "Resources": {
            "Log": {
                "Type": "AWS::DynamoDB::Table",
                "Properties": {
                    "TableName": {"Fn::Sub": "log-${env}"},
                    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                },
            },
            "Source": {
                "Type": "AWS::AppSync::DataSource",
                "Properties": {
                    "Name": "log",
                    "Type": "AMAZON_DYNAMODB",
                    "DynamoDBConfig": {"TableName": {"Ref": "Log"}},
                },
            },
            "Resolver": {
                "Type": "AWS::AppSync::Resolver",
                "Properties": {
                    "TypeName": "Query",
                    "FieldName": "now",
                    "DataSourceName": {"Fn::GetAtt": ["Source", "Name"]},
                    "Code": "export function request() {} export function response() {}",
                    "Runtime": {"Name": "APPSYNC_JS", "RuntimeVersion": "1.0.0"},
                },
            },
        },
    }
    files = {"api/todo/schema.graphql": f"{KEYED} type Query {{ now: String }}", "api/todo/stacks/x.json": stack}
    backend = load(project(tmp_path, {"api": {"todo": entry("AppSync")}}, files))
    api = backend.graphql_apis[0]
    (step,) = api.resolvers["Query", "now"].functions
    assert isinstance(step.request, JavaScript)
    assert (step.data_source, api.data_sources["log"].config["table_name"]) == ("log", "log-dev")
    assert "log-dev" in {table.table_name for table in backend.tables}
    assert not backend.notes


def test_functions_with_access_to_an_api_and_custom_roles_administer_it(tmp_path: Path) -> None:
    files = {"api/todo/schema.graphql": KEYED, "api/todo/custom-roles.json": {"adminRoleNames": ["ops-${env}"]}}
    depends = [{"category": "api", "resourceName": "todo", "attributes": ["GraphQLAPIIdOutput"]}]
    listed = {"api": {"todo": entry("AppSync")}, "function": {"worker": entry("Lambda", dependsOn=depends)}}
    backend = with_function(tmp_path, function(), listed, **files)
    assert backend.api_sources[0].admins == ("workerRole-dev", "ops-dev")


def test_packages_that_node_would_not_find_are_told(tmp_path: Path) -> None:
    code = "const aws = require('aws-sdk');\nimport { S3Client } from '@aws-sdk/client-s3';\nimport fs from 'fs';"
    files: dict[str, Any] = {
        "function/worker/src/package.json": {"dependencies": {"axios": "1", "uuid": "9"}},
        "function/worker/src/node_modules/uuid/package.json": {},
        "../../node_modules/axios/package.json": {},
        "function/worker/src/app.mjs": code,
    }
    (told,) = with_function(tmp_path, function(), **files).notes
    assert told.where == "function/worker"
    assert "packages are not installed: aws-sdk, @aws-sdk/client-s3 (npm install in" in told.reason


@pytest.mark.parametrize("form", ["Requires {}", "REQUIRES_{}", "require{}"])
def test_a_pool_of_any_spelling_has_its_rules_factors_and_own_attributes(tmp_path: Path, form: str) -> None:
    pool = {
        **DEFAULT_POOL,
        "passwordPolicyCharacters": [form.format(word) for word in ("Uppercase", "NUMBERS")],
        "mfaConfiguration": "ON",
        "mfaTypes": ["SMS", "TOTP"],
        "userpoolClientWriteAttributes": ["email", "custom:team"],
        "userpoolClientReadAttributes": ["email"],
        "userpoolClientSetAttributes": True,
    }
    backend = load(project(tmp_path, {"auth": {"pool": entry("Cognito")}}, {"auth/pool/parameters.json": pool}))
    settings = backend.user_pools[0].settings
    policy = settings["Policies"]["PasswordPolicy"]
    wanted = {"RequireUppercase": True, "RequireNumbers": True, "RequireLowercase": False, "RequireSymbols": False}
    assert policy == {**wanted, "MinimumLength": 8}
    assert len(backend.user_pools[0].factors) == 2
    assert [each["Name"] for each in settings["Schema"]] == ["email", "team"]
    web = clients(backend)["pool_app_clientWeb"].settings
    assert web["ReadAttributes"] == ["email"]
    assert web["WriteAttributes"] == ["email", "custom:team"]


def test_attributes_that_people_wrote_into_the_template_are_there(tmp_path: Path) -> None:
    template = """
Parameters: {env: {Type: String}, userPoolName: {Type: String}}
Resources:
  UserPool:
    Type: AWS::Cognito::UserPool
    Properties:
      UserPoolName: !Join ['', [!Ref userPoolName, '-', !Ref env]]
      Schema:
        - {Name: email, Required: true, Mutable: true}
        - {Name: team, AttributeDataType: String, Mutable: true, StringAttributeConstraints: {MaxLength: '20'}}
"""
    files = {"auth/pool/parameters.json": DEFAULT_POOL, "auth/pool/pool-cloudformation-template.yml": template}
    backend = load(project(tmp_path, {"auth": {"pool": entry("Cognito")}}, files))
    schema = {each["Name"]: each for each in backend.user_pools[0].settings["Schema"]}
    assert set(schema) == {"email", "team"}
    assert schema["team"]["StringAttributeConstraints"] == {"MaxLength": "20"}
    assert not backend.notes


@pytest.mark.parametrize(("environment", "may"), [("dev", True), ("prod", False)])
def test_the_sandbox_of_2021_lets_the_key_in_where_it_says(tmp_path: Path, environment: str, may: bool) -> None:
    schema = f'type AMPLIFY_GLOBAL @allow_public_data_access_with_api_key(in: "{environment}") # TESTING\n{KEYED}'
    folder = project(tmp_path, {"api": {"todo": entry("AppSync")}}, {"api/todo/schema.graphql": schema})
    get = load(folder).graphql_apis[0].resolvers["Query", "getTodo"].functions[0].request
    asked = ResolverContext(
        {"id": "x"}, None, None, "API_KEY", FieldInfo("getTodo", "Query", {}), "query", str, str
    )
    if may:
        assert get(asked)["operation"] == "GetItem"  # type: ignore[operator, misc]
    else:
        with pytest.raises(Unauthorized):
            get(asked)  # type: ignore[operator, misc]


@pytest.mark.parametrize("name", ["../../esc", "a" * 65, "with space", "line\n"])
def test_a_function_name_that_lambda_refuses_is_not_used(tmp_path: Path, name: str) -> None:
    template = function("worker", {"FunctionName": name})
    files = {"function/worker/worker-cloudformation-template.json": template, "function/worker/src/index.js": ""}
    backend = load(project(tmp_path, {"function": {"worker": entry("Lambda")}}, files))
    assert [each.function_name for each in backend.functions] == ["worker-dev"]
    assert any("its FunctionName is none that Lambda takes" in str(note) for note in backend.notes)


def test_aliases_in_a_template_are_refused_where_they_stand() -> None:
    template = "Resources:\n  A: &a {Type: T}\n  B: *a\n"
    with pytest.raises(ProjectError, match=r"aliases are not read: \*a") as refused:
        parse(template.encode(), "t.yaml")
    assert (refused.value.file, refused.value.line) == ("t.yaml", 3)
