"""PutBucketEncryption: how a bucket's objects shall be encrypted unless the request says.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketEncryption.html
"""

from habitr_emulator.kernel.errors import NotBuilt
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets, encryption
from habitr_emulator.services.s3.errors import InvalidArgument, MalformedXML


@operation(
    auth=Auth.POLICY,
    action="s3:PutEncryptionConfiguration",
    resources=authorization.bucket_arn,
    resource_policy=authorization.bucket_policy,
)
async def put_bucket_encryption(request: Input, ctx: Context) -> Output:
    """PutBucketEncryption."""
    buckets.require(ctx, request)
    rules = request["ServerSideEncryptionConfiguration"]["Rules"]
    if len(rules) != 1:
        raise MalformedXML
    default = rules[0].get("ApplyServerSideEncryptionByDefault")
    if rules[0].get("BlockedEncryptionTypes"):
        raise NotBuilt("Blocked encryption types are not built in habitr-emulator.", why="not built for S3")
    if default is None:
        raise MalformedXML
    if "KMSMasterKeyID" in default and default["SSEAlgorithm"] == encryption.SSE_S3:
        raise InvalidArgument("a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms")
    await buckets.set_setting(ctx, request["Bucket"], "encryption", {"Rules": rules})
    return {}
