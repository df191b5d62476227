"""CreateBucket: a new bucket in the emulator's region.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
"""

from typing import Any

from habitr_emulator.kernel.errors import NotBuilt
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import acl, authorization, buckets
from habitr_emulator.services.s3.errors import (
    AccessDenied,
    BucketAlreadyOwnedByYou,
    IllegalLocationConstraintException,
)
from habitr_emulator.services.s3.setting_errors import InvalidBucketAclWithObjectOwnership


@operation(
    auth=Auth.POLICY,
    action="s3:CreateBucket",
    resources=authorization.bucket_arn,
    resource_policy=authorization.bucket_policy,
    conditions=authorization.bucket_conditions,
)
async def create_bucket(request: Input, ctx: Context) -> Output:
    """CreateBucket."""
    name = request["Bucket"]
    buckets.check_name(name)
    wanted = (request.get("CreateBucketConfiguration") or {}).get("LocationConstraint")
    if wanted is not None and wanted != ctx.account.region:
        raise IllegalLocationConstraintException(
            f"The {wanted} location constraint is incompatible for the region specific endpoint this request was "
            "sent to.",
            why=f"the emulator plays the region {ctx.account.region}",
        )
    if request.get("BucketNamespace") is not None:
        raise NotBuilt("Bucket namespaces are not built in habitr-emulator.", why="not built for S3: namespaces")
    if not await buckets.create(ctx, name, _settings(request, ctx)) and ctx.account.region != "us-east-1":
        raise BucketAlreadyOwnedByYou(BucketName=name)
    return {"Location": f"/{name}", "BucketArn": buckets.arn(name)}


def _settings(request: Input, ctx: Context) -> dict[str, Any]:
    """What the bucket begins with; raises InvalidBucketAclWithObjectOwnership, and what its ACL raises."""
    settings: dict[str, Any] = buckets.initial_settings(ctx)
    if request.get("ObjectOwnership"):
        settings["ownership"] = {"Rules": [{"ObjectOwnership": request["ObjectOwnership"]}]}
    if request.get("ObjectLockEnabledForBucket"):
        settings["object-lock"] = {"ObjectLockEnabled": "Enabled"}
        settings["versioning"] = {"Status": "Enabled"}
    grants = acl.of_new_bucket(ctx, request)
    if grants is None:
        return settings
    if (
        settings.get("ownership", {"Rules": [{"ObjectOwnership": ""}]})["Rules"][0]["ObjectOwnership"]
        == acl.ENFORCED
    ):
        raise InvalidBucketAclWithObjectOwnership
    if acl.is_public(grants) and settings.get("public-access-block"):
        raise AccessDenied(why="public access is blocked: new buckets have BlockPublicAcls on")
    return {**settings, "acl": {"Grants": grants}}
