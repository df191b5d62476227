"""Write trimmed service models into habitr_emulator/wire/models from botocore's (run by hand, result committed).

    python scripts/sync_models.py

Only what parsing, validating, serializing and routing need stays: no documentation, no client-side traits.
"""

from pathlib import Path
from typing import Any

import orjson
from botocore import __version__ as botocore_version
from botocore.loaders import Loader

TARGET = Path(__file__).parent.parent / "habitr_emulator" / "wire" / "models"

#: Operations to keep, where not all are.
KEPT = {
    "iam": """AddUserToGroup AttachGroupPolicy AttachRolePolicy AttachUserPolicy CreateAccessKey CreateGroup
        CreatePolicy CreatePolicyVersion CreateRole CreateUser DeleteAccessKey DeleteGroup DeleteGroupPolicy
        DeletePolicy DeletePolicyVersion DeleteRole DeleteRolePolicy DeleteUser DeleteUserPolicy DetachGroupPolicy
        DetachRolePolicy DetachUserPolicy GetAccessKeyLastUsed GetAccountSummary GetContextKeysForCustomPolicy
        GetContextKeysForPrincipalPolicy GetGroup GetGroupPolicy GetPolicy ListEntitiesForPolicy ListUserTags
        GetPolicyVersion GetRole GetRolePolicy GetUser GetUserPolicy ListAccessKeys ListAttachedGroupPolicies
        ListAttachedRolePolicies ListAttachedUserPolicies ListGroupPolicies ListGroups ListGroupsForUser
        ListPolicies ListPolicyVersions ListRolePolicies ListRoleTags ListRoles ListUserPolicies ListUsers
        PutGroupPolicy PutRolePolicy PutUserPolicy RemoveUserFromGroup SetDefaultPolicyVersion
        SimulateCustomPolicy SimulatePrincipalPolicy TagRole TagUser UntagRole UntagUser UpdateAccessKey
        UpdateAssumeRolePolicy UpdateRole UpdateUser""",
    "logs": """CreateLogGroup CreateLogStream DeleteLogGroup DeleteLogStream DeleteRetentionPolicy
        DescribeLogGroups DescribeLogStreams FilterLogEvents GetLogEvents GetQueryResults ListTagsForResource
        PutLogEvents PutRetentionPolicy PutSubscriptionFilter StartQuery TagResource UntagResource""",
    "pinpoint": """CreateApp DeleteApp GetApp GetApps GetEndpoint DeleteEndpoint UpdateEndpoint
        UpdateEndpointsBatch GetUserEndpoints DeleteUserEndpoints PutEvents GetApplicationSettings""",
}
SERVICES = (
    "cognito-idp", "cognito-identity", "sts", "iam", "dynamodb", "dynamodbstreams", "s3", "lambda", "appsync",
    "pinpoint", "logs",
)  # fmt: skip

METADATA = ("apiVersion", "jsonVersion", "protocol", "signingName", "targetPrefix", "xmlNamespace")
SHAPE = (
    "type", "required", "min", "max", "pattern", "enum", "sensitive", "payload", "flattened", "timestampFormat",
    "exception", "error", "fault", "xmlNamespace", "locationName", "streaming", "document", "eventstream", "box",
)  # fmt: skip
MEMBER = (
    "shape", "location", "locationName", "flattened", "xmlNamespace", "xmlAttribute", "streaming",
    "timestampFormat", "box",
)  # fmt: skip

#: The order in which AWS's own messages list these values, where it is known; the models have another.
OBSERVED_ENUMS = {
    ("dynamodb", "ReturnValue"): ["ALL_NEW", "UPDATED_OLD", "ALL_OLD", "NONE", "UPDATED_NEW"],
    ("dynamodb", "Select"): ["SPECIFIC_ATTRIBUTES", "COUNT", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES"],
    ("dynamodb", "ScalarAttributeType"): ["B", "N", "S"],
}
#: The root elements of S3's answers, which botocore's model does not have: clients of other makers read them.
S3_ROOTS = {
    "ListBuckets": "ListAllMyBucketsResult",
    "ListDirectoryBuckets": "ListAllMyDirectoryBucketsResult",
    "ListObjects": "ListBucketResult",
    "ListObjectsV2": "ListBucketResult",
    "ListObjectVersions": "ListVersionsResult",
    "ListParts": "ListPartsResult",
    "ListMultipartUploads": "ListMultipartUploadsResult",
    "CreateMultipartUpload": "InitiateMultipartUploadResult",
    "CompleteMultipartUpload": "CompleteMultipartUploadResult",
    "CreateSession": "CreateSessionResult",
    "DeleteObjects": "DeleteResult",
    "GetBucketLocation": "LocationConstraint",
    "GetBucketVersioning": "VersioningConfiguration",
    "GetBucketAcl": "AccessControlPolicy",
    "GetObjectAcl": "AccessControlPolicy",
    "GetBucketCors": "CORSConfiguration",
    "GetBucketTagging": "Tagging",
    "GetObjectTagging": "Tagging",
    "GetBucketLifecycle": "LifecycleConfiguration",
    "GetBucketLifecycleConfiguration": "LifecycleConfiguration",
    "GetBucketNotification": "NotificationConfiguration",
    "GetBucketNotificationConfiguration": "NotificationConfiguration",
    "GetBucketWebsite": "WebsiteConfiguration",
    "GetBucketLogging": "BucketLoggingStatus",
    "GetBucketRequestPayment": "RequestPaymentConfiguration",
    "GetBucketAccelerateConfiguration": "AccelerateConfiguration",
    "GetObjectAttributes": "GetObjectAttributesResponse",
    "ListBucketAnalyticsConfigurations": "ListBucketAnalyticsConfigurationResult",
    "ListBucketInventoryConfigurations": "ListInventoryConfigurationsResult",
    "ListBucketMetricsConfigurations": "ListMetricsConfigurationsResult",
    "ListBucketIntelligentTieringConfigurations": "ListBucketIntelligentTieringConfigurationsOutput",
    "ListObjectAnnotations": "ListObjectAnnotationsResult",
    "PutObjectAnnotation": "PutObjectAnnotationResult",
}
#: S3 keeps the Expires header as it was sent, parsable or not.
VERBATIM = {("s3", "Expires"): {"type": "string"}}
NOTICE = f"""The models in this folder are those of botocore {botocore_version}, trimmed by scripts/sync_models.py:
documentation and what only clients need was removed, the root element names of S3's answers were added.

Botocore
Copyright 2012-2022 Amazon.com, Inc. or its affiliates. All Rights Reserved.

Licensed under the Apache License, Version 2.0 (the "License"). You may not use these files except in
compliance with the License. A copy of the License is located at http://aws.amazon.com/apache2.0/
"""


def main() -> None:
    """Write every model and the notice."""
    loader = Loader()
    TARGET.mkdir(exist_ok=True)
    for name in SERVICES:
        trimmed = trim(name, loader.load_service_model(name, "service-2"))
        (TARGET / f"{name}.json").write_bytes(orjson.dumps(trimmed) + b"\n")
    (TARGET / "NOTICE").write_text(NOTICE)


def trim(name: str, model: dict[str, Any]) -> dict[str, Any]:
    """What the wire formats need of a botocore model."""
    kept = KEPT[name].split() if name in KEPT else list(model["operations"])
    operations = {each: operation(name, model["operations"][each]) for each in kept}
    needed: dict[str, Any] = {}
    for each in operations.values():
        for key in ("input", "output"):
            if key in each:
                collect(name, each[key], model["shapes"], needed)
    metadata = {key: model["metadata"][key] for key in METADATA if key in model["metadata"]}
    metadata.setdefault("signingName", name)
    return {"metadata": metadata, "operations": operations, "shapes": dict(sorted(needed.items()))}


def operation(service: str, full: dict[str, Any]) -> dict[str, Any]:
    """An operation, with plain shape names for input, output and errors."""
    out: dict[str, Any] = {"http": dict(full.get("http", {"method": "POST", "requestUri": "/"}))}
    for key in ("input", "output"):
        if key in full:
            out[key] = full[key]["shape"]
            if "locationName" in full[key]:
                out[f"{key}Root"] = full[key]["locationName"]
            if "resultWrapper" in full[key]:
                out["resultWrapper"] = full[key]["resultWrapper"]
    if "errors" in full:
        out["errors"] = [error["shape"] for error in full["errors"]]
    unsigned = full.get("authtype") == "none" or full.get("auth") == ["smithy.api#noAuth"]
    if unsigned:
        out["unsigned"] = True
    if "httpChecksum" in full:
        out["httpChecksum"] = dict(full["httpChecksum"])
    if service == "s3" and full["name"] in S3_ROOTS:
        out["outputRoot"] = S3_ROOTS[full["name"]]
    return out


def collect(service: str, name: str, shapes: dict[str, Any], into: dict[str, Any]) -> None:
    """Put the trimmed shape ``name`` and all that it refers to into ``into``."""
    if name in into:
        return
    full = VERBATIM.get((service, name), shapes[name])
    out = into[name] = {key: full[key] for key in SHAPE if key in full}
    if "enum" in full:
        out["enum"] = OBSERVED_ENUMS.get((service, name), full["enum"])
    if "members" in full:
        out["members"] = {member: pick(traits) for member, traits in full["members"].items()}
        for traits in full["members"].values():
            collect(service, traits["shape"], shapes, into)
    for key in ("member", "key", "value"):
        if key in full:
            out[key] = pick(full[key])
            collect(service, full[key]["shape"], shapes, into)


def pick(member: dict[str, Any]) -> dict[str, Any]:
    """The traits of a member that matter on the wire."""
    return {key: member[key] for key in MEMBER if key in member}


if __name__ == "__main__":
    main()
