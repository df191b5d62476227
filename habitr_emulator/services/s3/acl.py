"""The one access control list there is: buckets are made with ACLs off, as AWS does today.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
"""

from typing import Any

from habitr_emulator.services.context import Context
from habitr_emulator.services.s3 import buckets


def owners(ctx: Context) -> dict[str, Any]:
    """The owner has full control, nobody else is named."""
    owner = buckets.owner_id(ctx.account)
    grantee = {"ID": owner, "Type": "CanonicalUser"}
    return {"Owner": {"ID": owner}, "Grants": [{"Grantee": grantee, "Permission": "FULL_CONTROL"}]}
