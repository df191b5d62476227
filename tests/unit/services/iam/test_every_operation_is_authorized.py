"""Every signed operation of every service declares the IAM action that it is, and what it is done to."""

from typing import cast

import pytest

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Operation, find, operation_files
from habitr_emulator.wire import model

#: The prefix of a service's actions where it is not the name it signs with.
PREFIXES = {"dynamodbstreams": "dynamodb", "pinpoint": "mobiletargeting"}
#: Operations that AWS calls differently in policies.
ACTIONS = {
    "s3:ListBuckets": "s3:ListAllMyBuckets",
    "s3:ListObjects": "s3:ListBucket",
    "s3:ListObjectsV2": "s3:ListBucket",
    "s3:HeadBucket": "s3:ListBucket",
    "s3:HeadObject": "s3:GetObject",
    "s3:CopyObject": "s3:PutObject",
    "s3:CreateMultipartUpload": "s3:PutObject",
    "s3:UploadPart": "s3:PutObject",
    "s3:UploadPartCopy": "s3:PutObject",
    "s3:CompleteMultipartUpload": "s3:PutObject",
    "s3:ListParts": "s3:ListMultipartUploadParts",
    "s3:ListMultipartUploads": "s3:ListBucketMultipartUploads",
    "s3:GetBucketCors": "s3:GetBucketCORS",
    "s3:PutBucketCors": "s3:PutBucketCORS",
    "s3:DeleteBucketCors": "s3:PutBucketCORS",
    "s3:DeleteBucketTagging": "s3:PutBucketTagging",
    "s3:ListObjectVersions": "s3:ListBucketVersions",
    "s3:DeleteBucketOwnershipControls": "s3:PutBucketOwnershipControls",
    "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "s3:PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
    "s3:DeletePublicAccessBlock": "s3:PutBucketPublicAccessBlock",
    "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "s3:PutBucketEncryption": "s3:PutEncryptionConfiguration",
    "s3:DeleteBucketEncryption": "s3:PutEncryptionConfiguration",
    "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "s3:PutBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
    "s3:DeleteBucketLifecycle": "s3:PutLifecycleConfiguration",
    "s3:GetBucketNotificationConfiguration": "s3:GetBucketNotification",
    "s3:PutBucketNotificationConfiguration": "s3:PutBucketNotification",
    "s3:GetObjectLockConfiguration": "s3:GetBucketObjectLockConfiguration",
    "s3:PutObjectLockConfiguration": "s3:PutBucketObjectLockConfiguration",
    "s3:GetBucketReplication": "s3:GetReplicationConfiguration",
    "s3:GetBucketAccelerateConfiguration": "s3:GetAccelerateConfiguration",
    "lambda:Invoke": "lambda:InvokeFunction",
    "lambda:GetLayerVersionByArn": "lambda:GetLayerVersion",
}
#: Authorized resource by resource inside the operation, or by a trust policy.
WITHIN = {
    "s3:DeleteObjects": "s3:DeleteObject on each key",
    "dynamodb:TransactGetItems": "dynamodb:GetItem on each table",
    "dynamodb:TransactWriteItems": "the action of each item on its table",
    "dynamodb:ExecuteStatement": "the PartiQL action on the statement's table",
    "dynamodb:BatchExecuteStatement": "the PartiQL action on each statement's table",
    "dynamodb:ExecuteTransaction": "the PartiQL action on each statement's table",
    "sts:AssumeRole": "the role's trust policy, and sts:AssumeRole on the role",
    "sts:GetCallerIdentity": "no policy can deny it",
    "sts:GetSessionToken": "no policy can deny it",
}
#: AWS has no resource-level permissions for these: "*" is what policies name.
_ANYTHING = """
    cognito-idp:CreateUserPool cognito-idp:DescribeUserPoolDomain cognito-idp:ListUserPools
    cognito-identity:CreateIdentityPool cognito-identity:DeleteIdentities cognito-identity:DescribeIdentity
    cognito-identity:ListIdentityPools dynamodb:DescribeEndpoints dynamodb:DescribeLimits dynamodb:ListTables
    dynamodb:ListStreams dynamodb:ListBackups
    iam:ListGroups iam:ListPolicies iam:ListRoles iam:ListUsers iam:SimulateCustomPolicy
    iam:GetAccountSummary iam:GetContextKeysForCustomPolicy lambda:CreateEventSourceMapping
    lambda:GetAccountSettings lambda:ListLayers logs:DescribeLogGroups
    lambda:ListEventSourceMappings lambda:ListFunctions mobiletargeting:GetApps mobiletargeting:CreateApp
"""
#: AppSync's control plane names an API in policies only where the API itself is read, changed or tagged.
_APPSYNC = """CreateApiKey CreateDataSource CreateFunction CreateGraphqlApi CreateResolver CreateType DeleteApiKey
    DeleteDataSource DeleteFunction DeleteResolver DeleteType EvaluateCode EvaluateMappingTemplate GetDataSource
    GetFunction GetGraphqlApiEnvironmentVariables GetResolver GetSchemaCreationStatus GetType ListApiKeys
    ListDataSources ListFunctions ListGraphqlApis ListResolvers ListResolversByFunction ListTypes
    PutGraphqlApiEnvironmentVariables StartSchemaCreation UpdateApiKey UpdateDataSource UpdateFunction
    UpdateResolver UpdateType"""
ANYTHING = frozenset([*_ANYTHING.split(), *(f"appsync:{name}" for name in _APPSYNC.split())])


def name_of(operation: model.Operation) -> str:
    service = operation.service
    return f"{PREFIXES.get(service.name, service.name)}:{operation.name}"


def operations() -> list[tuple[str, Operation]]:
    return [
        (name_of(operation), find(service.package, operation.snake))
        for service in model.services()
        for operation in service.operations.values()
        if operation.snake in operation_files(service.package)
    ]


SIGNED = [(name, found) for name, found in operations() if found.auth in (Auth.SIGNED, Auth.POLICY)]


@pytest.mark.parametrize(("name", "found"), SIGNED, ids=[name for name, _ in SIGNED])
def test_a_signed_operation_names_its_action_and_its_resources(name: str, found: Operation) -> None:
    if name in WITHIN:
        assert not found.action
        return
    action = found.action if isinstance(found.action, str) else found.action({}, cast("Context", None))
    assert action == ACTIONS.get(name, name)
    assert (found.resources is None) is (name in ANYTHING), "what is it done to?"


def test_the_exceptions_are_operations_that_exist() -> None:
    known = {name for name, _ in operations()}
    assert not (ACTIONS.keys() | WITHIN.keys() | ANYTHING) - known


def test_only_what_is_public_on_aws_asks_for_no_signature() -> None:
    public = {name for name, found in operations() if found.auth is Auth.PUBLIC}
    of_identity = {"GetId", "GetCredentialsForIdentity", "GetOpenIdToken", "UnlinkIdentity"}
    assert {name for name in public if not name.startswith("cognito-idp:")} == {
        "sts:AssumeRoleWithWebIdentity",
        *(f"cognito-identity:{name}" for name in of_identity),
    }
