"""Access control lists: canned ones and grants, kept as they are given and enforced as policies are.

Buckets are made with ACLs off, as AWS does today; ownership controls switch them on.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from habitr_emulator.services.context import Context
from habitr_emulator.services.s3 import authorization, buckets, public_access
from habitr_emulator.services.s3.errors import (
    AccessControlListNotSupported,
    AccessDenied,
    InvalidArgument,
    InvalidRequest,
    MalformedACLError,
    MethodNotAllowed,
    UnexpectedContent,
)

Grants = list[dict[str, Any]]
_GROUPS = "http://acs.amazonaws.com/groups/"
ALL_USERS = f"{_GROUPS}global/AllUsers"
AUTHENTICATED_USERS = f"{_GROUPS}global/AuthenticatedUsers"
LOG_DELIVERY = f"{_GROUPS}s3/LogDelivery"
PUBLIC = (ALL_USERS, AUTHENTICATED_USERS)
ENFORCED = "BucketOwnerEnforced"
_CANNED: Mapping[str, Sequence[tuple[str, str]]] = {
    "private": (),
    "public-read": ((ALL_USERS, "READ"),),
    "public-read-write": ((ALL_USERS, "READ"), (ALL_USERS, "WRITE")),
    "authenticated-read": ((AUTHENTICATED_USERS, "READ"),),
    "log-delivery-write": ((LOG_DELIVERY, "WRITE"), (LOG_DELIVERY, "READ_ACP")),
    # the account owns every bucket and every object, so these two add nothing
    "bucket-owner-read": (),
    "bucket-owner-full-control": (),
    # EC2's grant to read AMI bundles; there is no EC2 here that could use it
    "aws-exec-read": (),
}
_HEADERS = {
    "GrantFullControl": "FULL_CONTROL",
    "GrantRead": "READ",
    "GrantWrite": "WRITE",
    "GrantReadACP": "READ_ACP",
    "GrantWriteACP": "WRITE_ACP",
}
_HEADER_GRANTEE = re.compile(r'\s*(id|uri|emailAddress)\s*=\s*"?([^",]*)"?\s*', re.IGNORECASE)
_MOST_GRANTS = 100


def ownership(ctx: Context, bucket: str) -> str:
    """The bucket's object ownership; without controls of its own it is ``ObjectWriter``."""
    document = buckets.setting(ctx.account, bucket, "ownership")
    return "ObjectWriter" if document is None else str(document["Rules"][0]["ObjectOwnership"])


def owners(ctx: Context) -> Grants:
    """The owner has full control, nobody else is named."""
    return [_grant({"ID": buckets.owner_id(ctx.account), "Type": "CanonicalUser"}, "FULL_CONTROL")]


def shown(ctx: Context, grants: Grants | None) -> dict[str, Any]:
    """An access control list as outputs have it."""
    return {"Owner": {"ID": buckets.owner_id(ctx.account)}, "Grants": owners(ctx) if grants is None else grants}


def of_new_object(ctx: Context, request: Mapping[str, Any]) -> Grants | None:
    """The ACL that a request writes an object with; None is the owner's full control.

    Raises AccessControlListNotSupported, InvalidArgument, InvalidRequest, AccessDenied.
    """
    if request.get("ACL") is None and not any(request.get(name) for name in _HEADERS):
        return None
    if ownership(ctx, request["Bucket"]) == ENFORCED:
        if request.get("ACL") != "bucket-owner-full-control":
            raise AccessControlListNotSupported
        return None
    if not public_access.acl_gives_write(ctx, request["Bucket"]):
        conditions = authorization.writing_conditions(request, ctx)
        authorization.authorize_object(ctx, "s3:PutObjectAcl", request, conditions)
    return _of_headers(ctx, request)


def of_new_bucket(ctx: Context, request: Mapping[str, Any]) -> Grants | None:
    """The ACL that CreateBucket asks for; None is the owner's full control."""
    if request.get("ACL") is None and not any(request.get(name) for name in _HEADERS):
        return None
    return _of_headers(ctx, request)


def of_request(ctx: Context, request: Mapping[str, Any]) -> Grants | None:
    """The ACL that PutBucketAcl or PutObjectAcl brings, in headers or body; raises what the above do, and
    MalformedACLError.
    """
    if ownership(ctx, request["Bucket"]) == ENFORCED:
        wanted = _of_either(ctx, request) if request.get("AccessControlPolicy") else None
        if request.get("ACL") != "bucket-owner-full-control" and (wanted is None or wanted != owners(ctx)):
            raise AccessControlListNotSupported
        return None
    return _of_either(ctx, request)


def _of_either(ctx: Context, request: Mapping[str, Any]) -> Grants | None:
    policy = request.get("AccessControlPolicy")
    by_header = request.get("ACL") is not None or any(request.get(name) for name in _HEADERS)
    if policy and by_header:
        raise UnexpectedContent
    if by_header:
        return _of_headers(ctx, request)
    if not policy:
        raise MalformedACLError
    return _of_document(ctx, request, policy)


def _of_headers(ctx: Context, request: Mapping[str, Any]) -> Grants | None:
    canned = request.get("ACL")
    named = {name: request[name] for name in _HEADERS if request.get(name)}
    if canned is not None:
        if named:
            raise InvalidRequest("Specifying both Canned ACLs and Header Grants is not allowed")
        if canned not in _CANNED:
            raise InvalidArgument(ArgumentName="x-amz-acl", ArgumentValue=canned)
        grants = owners(ctx) + [
            _grant({"Type": "Group", "URI": group}, permission) for group, permission in _CANNED[canned]
        ]
    else:
        grants = [
            _grant(_header_grantee(ctx, piece), _HEADERS[name])
            for name, text in named.items()
            for piece in text.split(",")
        ]
    return _checked(ctx, request, grants)


def _header_grantee(ctx: Context, text: str) -> dict[str, str]:
    found = _HEADER_GRANTEE.fullmatch(text)
    if found is None:
        raise InvalidArgument("Argument format not recognized", ArgumentName="x-amz-grant", ArgumentValue=text)
    kind, value = found[1].lower(), found[2]
    if kind == "id":
        return _grantee(ctx, {"Type": "CanonicalUser", "ID": value})
    if kind == "uri":
        return _grantee(ctx, {"Type": "Group", "URI": value})
    return _grantee(ctx, {"Type": "AmazonCustomerByEmail"})


def _of_document(ctx: Context, request: Mapping[str, Any], policy: Mapping[str, Any]) -> Grants | None:
    owner = policy.get("Owner") or {}
    if "ID" not in owner or "Grants" not in policy:
        raise MalformedACLError
    if owner["ID"] != buckets.owner_id(ctx.account):
        raise AccessDenied(why="the owner in the access control list is not this account")
    grants = []
    for grant in policy["Grants"]:
        if not grant.get("Grantee") or not grant.get("Permission"):
            raise MalformedACLError
        grants.append(_grant(_grantee(ctx, grant["Grantee"]), grant["Permission"]))
    return _checked(ctx, request, grants)


def _grantee(ctx: Context, given: Mapping[str, Any]) -> dict[str, str]:
    """A grantee by its canonical id or group; raises InvalidArgument, and MethodNotAllowed for an e-mail address,
    as AWS does since October 2025.
    """
    kind = given.get("Type")
    if kind == "CanonicalUser":
        if given.get("ID") != buckets.owner_id(ctx.account):
            raise InvalidArgument(
                "Invalid id",
                ArgumentName="CanonicalUser/ID",
                ArgumentValue=given.get("ID"),
                why="the emulator plays one account, whose canonical id is the only one there is",
            )
        return {"ID": given["ID"], "Type": kind}
    if kind == "Group":
        if given.get("URI") not in (*PUBLIC, LOG_DELIVERY):
            raise InvalidArgument("Invalid group uri", ArgumentName="Group/URI", ArgumentValue=given.get("URI"))
        return {"Type": kind, "URI": given["URI"]}
    raise MethodNotAllowed(why="ACLs no longer name grantees by e-mail address")


def _checked(ctx: Context, request: Mapping[str, Any], grants: Grants) -> Grants | None:
    if len(grants) > _MOST_GRANTS:
        raise MalformedACLError("The request has more than 100 grants")
    if is_public(grants) and public_access.blocks(ctx, request["Bucket"], "BlockPublicAcls"):
        raise AccessDenied(why="public access is blocked: BlockPublicAcls is on for the bucket")
    return None if grants == owners(ctx) else grants


def is_public(grants: Grants | None) -> bool:
    """Whether a list grants something to everybody or to everybody with an account."""
    return any(grant["Grantee"].get("URI") in PUBLIC for grant in grants or ())


def _grant(grantee: Mapping[str, str], permission: str) -> dict[str, Any]:
    return {"Grantee": dict(grantee), "Permission": permission}
