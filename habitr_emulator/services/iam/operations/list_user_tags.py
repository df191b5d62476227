"""ListUserTags: the tags of a user.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUserTags.html
"""

import json

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, identities
from habitr_emulator.services.iam.paging import page
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:ListUserTags", resources=arns.user)
async def list_user_tags(request: Input, ctx: Context) -> Output:
    """ListUserTags."""
    row = identities.require(ctx, "user", request["UserName"])
    return page("Tags", json.loads(row["tags"]), request)
