"""Public access: what makes a policy or ACL public, what a bucket's block forbids, and ACLs as policy statements.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
"""

import ipaddress
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from habitr_emulator.services.context import Context
from habitr_emulator.services.s3 import buckets

#: Condition keys that, held to fixed values, make a statement for everybody not public.
_FIXING = {
    "aws:sourceip", "aws:sourcearn", "aws:sourcevpc", "aws:sourcevpce", "aws:sourceaccount", "aws:sourceowner",
    "aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount", "aws:principalarn", "aws:userid",
    "s3:dataaccesspointarn", "s3:dataaccesspointaccount", "s3:x-amz-server-side-encryption-aws-kms-key-id",
}  # fmt: skip
_WIDE = {"ipaddress": 8, "ipv6": 32}
_OF_BUCKET = {
    "READ": ("s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"),
    "READ_ACP": ("s3:GetBucketAcl",),
    "WRITE_ACP": ("s3:PutBucketAcl",),
}
_OF_ITS_OBJECTS = {"WRITE": ("s3:PutObject", "s3:DeleteObject")}
_OF_OBJECT = {
    "READ": ("s3:GetObject", "s3:GetObjectVersion"),
    "READ_ACP": ("s3:GetObjectAcl", "s3:GetObjectVersionAcl"),
    "WRITE_ACP": ("s3:PutObjectAcl", "s3:PutObjectVersionAcl"),
}
_SIGNED_ONLY = {"StringNotEquals": {"aws:PrincipalType": "Anonymous"}}


def blocks(ctx: Context, bucket: str, what: str) -> bool:
    """Whether the bucket's public access block has ``BlockPublicAcls`` (or another of the four) on."""
    document = buckets.setting(ctx.account, bucket, "public-access-block")
    return bool(document and document.get(what))


def effective_policy(ctx: Context, bucket: str, object_acl: str | None = None) -> Mapping[str, Any] | None:
    """What besides identity policies decides on a bucket or one of its objects: the bucket's policy, and as
    statements the ACLs (``object_acl`` is the object's, as JSON). None if there is nothing.
    """
    if ctx.caller.kind == "anonymous" and _requester_pays(ctx, bucket):
        return None
    policy = buckets.setting_text(ctx.account, bucket, "policy")
    if policy is not None and ctx.caller.kind == "anonymous" and blocks(ctx, bucket, "RestrictPublicBuckets"):
        policy = None if is_public(buckets.read(policy)) else policy
    bucket_acl = buckets.setting_text(ctx.account, bucket, "acl")
    if not (bucket_acl or object_acl) or not acls_count(ctx, bucket) or blocks(ctx, bucket, "IgnorePublicAcls"):
        return None if policy is None else buckets.read(policy)
    return _merged(policy, bucket, bucket_acl, object_acl)


def _requester_pays(ctx: Context, bucket: str) -> bool:
    """Whether requests must come from somebody who can pay."""
    document = buckets.setting(ctx.account, bucket, "request-payment")
    return document is not None and document["Payer"] == "Requester"


def acl_gives_write(ctx: Context, bucket: str) -> bool:
    """Whether the caller writes by the bucket's ACL: whoever makes an object so also says who may read it."""
    document = buckets.setting(ctx.account, bucket, "acl")
    if document is None or not acls_count(ctx, bucket) or blocks(ctx, bucket, "IgnorePublicAcls"):
        return False
    groups = ("AllUsers",) if ctx.caller.kind == "anonymous" else ("AllUsers", "AuthenticatedUsers")
    return any(
        grant["Grantee"].get("URI", "").rpartition("/")[2] in groups
        and grant["Permission"] in ("WRITE", "FULL_CONTROL")
        for grant in document["Grants"]
    )


def acls_count(ctx: Context, bucket: str) -> bool:
    """Whether the bucket's object ownership leaves ACLs on."""
    document = buckets.setting(ctx.account, bucket, "ownership")
    return document is None or document["Rules"][0]["ObjectOwnership"] != "BucketOwnerEnforced"


@lru_cache(maxsize=1024)
def _merged(
    policy: str | None, bucket: str, bucket_acl: str | None, object_acl: str | None
) -> Mapping[str, Any] | None:
    """One document; what an object's ACL gives, it says of all objects, since it judges this one only."""
    document = {"Version": "2012-10-17", "Statement": []} if policy is None else buckets.read(policy)
    listed = document["Statement"]
    statements = list(listed) if isinstance(listed, list) else [listed]
    own = buckets.arn(bucket)
    for grant in json.loads(bucket_acl)["Grants"] if bucket_acl else ():
        statements += _statements(grant, _OF_BUCKET, own) + _statements(grant, _OF_ITS_OBJECTS, f"{own}/*")
    for grant in json.loads(object_acl) if object_acl else ():
        statements += _statements(grant, _OF_OBJECT, f"{own}/*")
    return {**document, "Statement": statements} if statements else None


def _statements(
    grant: Mapping[str, Any], permissions: Mapping[str, Sequence[str]], arn: str
) -> list[dict[str, Any]]:
    group = grant["Grantee"].get("URI", "").rpartition("/")[2]
    given = grant["Permission"]
    actions = [action for name, each in permissions.items() if given in (name, "FULL_CONTROL") for action in each]
    if group not in ("AllUsers", "AuthenticatedUsers") or not actions:
        return []
    statement = {"Effect": "Allow", "Principal": "*", "Action": actions, "Resource": arn}
    return [statement if group == "AllUsers" else statement | {"Condition": _SIGNED_ONLY}]


def is_public(policy: Mapping[str, Any]) -> bool:
    """Whether a bucket policy gives anything to everybody, by AWS's rule: no condition fixes who or where."""
    listed = policy["Statement"] if isinstance(policy["Statement"], list) else [policy["Statement"]]
    return any(_is_public(statement) for statement in listed)


def _is_public(statement: Mapping[str, Any]) -> bool:
    if statement["Effect"] != "Allow":
        return False
    if "NotPrincipal" in statement:
        return True
    principal = statement["Principal"]
    named = [principal] if isinstance(principal, str) else _texts(principal.get("AWS", ()))
    return "*" in named and not _is_fixed(statement.get("Condition", {}))


def _is_fixed(conditions: Mapping[str, Any]) -> bool:
    for operator, keys in conditions.items():
        plain = operator.lower().removesuffix("ifexists").rpartition(":")[2]
        if "not" in plain or plain in ("null", "bool"):
            continue
        for key, values in keys.items():
            if key.lower() in _FIXING and all(_is_narrow(plain, value) for value in _texts(values)):
                return True
    return False


def _is_narrow(operator: str, value: str) -> bool:
    if operator != "ipaddress":
        return "*" not in value.rpartition(":")[2] if operator.startswith("arn") else "*" not in value
    try:
        network = ipaddress.ip_network(value, strict=False)
    except ValueError:
        return False
    return network.prefixlen >= (_WIDE["ipaddress"] if network.version == 4 else _WIDE["ipv6"])


def _texts(values: Any) -> list[str]:
    return [str(value) for value in (values if isinstance(values, list | tuple) else [values])]
