"""PutObjectAcl: buckets have no ACLs, so this is refused.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectAcl.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, objects
from habitr_emulator.services.s3.errors import AccessControlListNotSupported


@operation(
    auth=Auth.POLICY,
    action="s3:PutObjectAcl",
    resources=authorization.object_arn,
    resource_policy=authorization.bucket_policy,
    conditions=authorization.reading_conditions,
)
async def put_object_acl(request: Input, ctx: Context) -> Output:
    """PutObjectAcl."""
    objects.require(ctx, request)
    raise AccessControlListNotSupported
