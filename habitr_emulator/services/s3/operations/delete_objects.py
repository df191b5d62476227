"""DeleteObjects: remove many objects, each authorized by itself.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
"""

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets, objects
from habitr_emulator.services.s3.errors import MalformedXML

MOST_KEYS = 1000


@operation(auth=Auth.POLICY)
async def delete_objects(request: Input, ctx: Context) -> Output:
    """DeleteObjects."""
    buckets.require(ctx, request)
    listed = request["Delete"]["Objects"]
    if not 1 <= len(listed) <= MOST_KEYS:
        raise MalformedXML
    deleted, errors = [], []
    for item in listed:
        named = {"Bucket": request["Bucket"], "Key": item["Key"]}
        try:
            authorization.authorize_object(ctx, "s3:DeleteObject", named["Bucket"], named["Key"])
            if item.get("VersionId", "null") == "null":
                await objects.delete(ctx, {**named, "IfMatch": item.get("ETag")})
        except AwsError as error:
            errors.append({"Key": item["Key"], "Code": error.code, "Message": error.message})
        else:
            deleted.append({"Key": item["Key"]})
    return {"Errors": errors} if request["Delete"].get("Quiet") else {"Deleted": deleted, "Errors": errors}
