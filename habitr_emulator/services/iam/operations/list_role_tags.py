"""ListRoleTags: the tags of a role.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoleTags.html
"""

import json

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, identities
from habitr_emulator.services.iam.paging import page
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:ListRoleTags", resources=arns.role)
async def list_role_tags(request: Input, ctx: Context) -> Output:
    """ListRoleTags."""
    row = identities.require(ctx, "role", request["RoleName"])
    return page("Tags", json.loads(row["tags"]), request)
