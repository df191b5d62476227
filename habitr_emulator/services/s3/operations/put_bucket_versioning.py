"""PutBucketVersioning: versions are not built.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketVersioning.html
"""

from habitr_emulator.kernel.errors import NotBuilt
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets


@operation(
    auth=Auth.POLICY,
    action="s3:PutBucketVersioning",
    resources=authorization.bucket_arn,
    resource_policy=authorization.bucket_policy,
)
async def put_bucket_versioning(request: Input, ctx: Context) -> Output:
    """PutBucketVersioning."""
    buckets.require(ctx, request)
    if (request.get("VersioningConfiguration") or {}).get("Status") == "Suspended":
        return {}
    raise NotBuilt("Versioning is not built in habitr-emulator.", why="not built for S3: versions of objects")
