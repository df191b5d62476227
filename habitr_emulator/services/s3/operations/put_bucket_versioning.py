"""PutBucketVersioning: keep versions of a bucket's objects, or stop to.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketVersioning.html
"""

from habitr_emulator.kernel.errors import NotBuilt
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets, locks
from habitr_emulator.services.s3.setting_errors import IllegalVersioningConfigurationException, InvalidBucketState


@operation(
    auth=Auth.POLICY,
    action="s3:PutBucketVersioning",
    resources=authorization.bucket_arn,
    resource_policy=authorization.bucket_policy,
)
async def put_bucket_versioning(request: Input, ctx: Context) -> Output:
    """PutBucketVersioning."""
    buckets.require(ctx, request)
    wanted = request["VersioningConfiguration"]
    if wanted.get("MFADelete") == "Enabled":
        raise NotBuilt("MFA delete is not built in habitr-emulator.", why="not built for S3: MFA delete")
    if "Status" not in wanted:
        raise IllegalVersioningConfigurationException
    if wanted["Status"] == "Suspended" and locks.enabled(ctx, request["Bucket"]):
        raise InvalidBucketState(
            "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed."
        )
    await buckets.set_setting(ctx, request["Bucket"], "versioning", {"Status": wanted["Status"]})
    return {}
