"""CreateBucket: a new bucket in the emulator's region.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
"""

from habitr_emulator.kernel.errors import NotBuilt
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets
from habitr_emulator.services.s3.errors import BucketAlreadyOwnedByYou, IllegalLocationConstraintException


@operation(
    auth=Auth.POLICY,
    action="s3:CreateBucket",
    resources=authorization.bucket_arn,
    resource_policy=authorization.bucket_policy,
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
    if request.get("ObjectLockEnabledForBucket"):
        raise NotBuilt("Object lock is not built in habitr-emulator.", why="not built for S3: object lock")
    if not await buckets.create(ctx, name) and ctx.account.region != "us-east-1":
        raise BucketAlreadyOwnedByYou(BucketName=name)
    return {"Location": f"/{name}", "BucketArn": buckets.arn(name)}
