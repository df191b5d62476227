"""DeleteObjects: remove many objects, each authorized by itself.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
"""

from collections.abc import Mapping
from typing import Any

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets, notifications, writing
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
        try:
            deleted.append(await _delete(ctx, request, item))
        except AwsError as error:
            named = {name: item[name] for name in ("Key", "VersionId") if name in item}
            errors.append({**named, "Code": error.code, "Message": error.message})
    return {"Errors": errors} if request["Delete"].get("Quiet") else {"Deleted": deleted, "Errors": errors}


async def _delete(ctx: Context, request: Input, item: Mapping[str, Any]) -> Output:
    """Delete one object or version, if the caller may; returns its entry of the answer."""
    version_id = item.get("VersionId")
    named = {"Bucket": request["Bucket"], "Key": item["Key"], "VersionId": version_id}
    authorization.authorize_object(ctx, authorization.versioned("s3:DeleteObject")(named, ctx), named)
    conditions = {
        "IfMatch": item.get("ETag"),
        "IfMatchSize": item.get("Size"),
        "IfMatchLastModifiedTime": item.get("LastModifiedTime"),
        "BypassGovernanceRetention": request.get("BypassGovernanceRetention"),
    }
    removed = await writing.delete(ctx, {**named, **conditions})
    notifications.tell_of_removed(ctx, named["Bucket"], item["Key"], removed)
    entry = {"Key": item["Key"], "VersionId": version_id}
    if removed.marker:
        entry |= {"DeleteMarker": True, "DeleteMarkerVersionId": removed.version_id}
    return {name: value for name, value in entry.items() if value is not None}
