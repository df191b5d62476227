"""Pages of a user's devices, as ListDevices and AdminListDevices answer them."""

from collections.abc import Mapping
from typing import Any

from habitr_emulator.services.cognito_idp import devices, paging
from habitr_emulator.services.cognito_idp.users import User
from habitr_emulator.services.context import Context


async def page(ctx: Context, user: User, request: Mapping[str, Any]) -> dict[str, Any]:
    """Devices by Limit and PaginationToken; raises InvalidParameterException for a foreign token."""
    kind, limit = f"ListDevices {user.sub}", request.get("Limit") or paging.PAGE
    after = await paging.after(ctx, kind, request.get("PaginationToken"))
    found = devices.page(ctx.store, user, after[0] if after else "", limit + 1)
    output: dict[str, Any] = {"Devices": [devices.described(ctx, user, device) for device in found[:limit]]}
    if len(found) > limit:
        output["PaginationToken"] = await paging.token(ctx, kind, found[limit - 1].key)
    return output
