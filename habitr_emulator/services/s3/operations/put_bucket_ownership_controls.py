"""PutBucketOwnershipControls: switch a bucket's ACLs on or off.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketOwnershipControls.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import acl, authorization, buckets
from habitr_emulator.services.s3.errors import MalformedXML
from habitr_emulator.services.s3.setting_errors import InvalidBucketAclWithObjectOwnership


@operation(
    auth=Auth.POLICY,
    action="s3:PutBucketOwnershipControls",
    resources=authorization.bucket_arn,
    resource_policy=authorization.bucket_policy,
)
async def put_bucket_ownership_controls(request: Input, ctx: Context) -> Output:
    """PutBucketOwnershipControls."""
    buckets.require(ctx, request)
    rules = request["OwnershipControls"]["Rules"]
    if len(rules) != 1:
        raise MalformedXML
    document = buckets.setting(ctx.account, request["Bucket"], "acl")
    if rules[0]["ObjectOwnership"] == acl.ENFORCED and document and acl.is_public(document["Grants"]):
        raise InvalidBucketAclWithObjectOwnership
    await buckets.set_setting(ctx, request["Bucket"], "ownership", {"Rules": rules})
    return {}
