"""Policies that AWS manages, as far as an Amplify backend meets them: those of the emulated services.

The documents say what AWS's say of the services that are emulated; what they say of others is left out.
https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
"""

from typing import Any

_READS = {
    "apigateway": ("GET",),
    "appsync": ("Get*", "List*"),
    "cognito-identity": ("Describe*", "Get*", "List*", "Lookup*"),
    "cognito-idp": ("AdminGet*", "AdminList*", "Describe*", "Get*", "List*"),
    "dynamodb": ("BatchGet*", "Describe*", "Get*", "List*", "PartiQLSelect", "Query", "Scan"),
    "iam": ("Generate*", "Get*", "List*", "Simulate*"),
    "lambda": ("Get*", "List*"),
    "mobiletargeting": ("Get*", "List*"),
    "s3": ("Get*", "List*"),
    "sts": ("GetAccessKeyInfo", "GetCallerIdentity", "GetSessionToken"),
}
_LOGS = ("CreateLogGroup", "CreateLogStream", "PutLogEvents")


def _allow(*actions: str, resource: str = "*") -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource}


def _reads(*services: str) -> list[str]:
    return [f"{service}:{action}" for service in services for action in _READS[service]]


_STATEMENTS: dict[str, list[dict[str, Any]]] = {
    "AdministratorAccess": [_allow("*")],
    "PowerUserAccess": [
        {"Effect": "Allow", "NotAction": ["iam:*", "organizations:*", "account:*"], "Resource": "*"},
        _allow("iam:CreateServiceLinkedRole", "iam:DeleteServiceLinkedRole", "iam:ListRoles"),
    ],
    "ReadOnlyAccess": [_allow(*_reads(*_READS))],
    "AWSDenyAll": [{"Sid": "DenyAll", "Effect": "Deny", "Action": ["*"], "Resource": "*"}],
    "IAMFullAccess": [_allow("iam:*")],
    "IAMReadOnlyAccess": [_allow(*_reads("iam"))],
    "AmazonS3FullAccess": [_allow("s3:*", "s3-object-lambda:*")],
    "AmazonS3ReadOnlyAccess": [_allow(*_reads("s3"), "s3:Describe*")],
    "AmazonDynamoDBFullAccess": [_allow("dynamodb:*")],
    "AmazonDynamoDBReadOnlyAccess": [_allow(*_reads("dynamodb"))],
    "AmazonCognitoPowerUser": [_allow("cognito-identity:*", "cognito-idp:*", "cognito-sync:*")],
    "AmazonCognitoReadOnly": [_allow(*_reads("cognito-identity", "cognito-idp"))],
    "AWSLambda_FullAccess": [_allow("lambda:*", "logs:*")],
    "AWSLambda_ReadOnlyAccess": [_allow(*_reads("lambda"))],
    "service-role/AWSLambdaRole": [_allow("lambda:InvokeFunction")],
    "service-role/AWSLambdaBasicExecutionRole": [_allow(*(f"logs:{action}" for action in _LOGS))],
    "service-role/AWSAppSyncPushToCloudWatchLogs": [_allow(*(f"logs:{action}" for action in _LOGS))],
    "AWSAppSyncAdministrator": [_allow("appsync:*")],
    "AWSAppSyncInvokeFullAccess": [
        _allow("appsync:GraphQL", "appsync:GetGraphqlApi", "appsync:ListGraphqlApis", "appsync:ListApiKeys")
    ],
    "AmazonAPIGatewayAdministrator": [_allow("apigateway:*", resource="arn:aws:apigateway:*::/*")],
    "AmazonAPIGatewayInvokeFullAccess": [
        _allow("execute-api:Invoke", "execute-api:ManageConnections", resource="arn:aws:execute-api:*:*:*")
    ],
}

#: ARN to document.
POLICIES: dict[str, dict[str, Any]] = {
    f"arn:aws:iam::aws:policy/{name}": {"Version": "2012-10-17", "Statement": statements}
    for name, statements in _STATEMENTS.items()
}
