"""The looks of the classic hosted UI: CSS and logo, for one client or for all.

https://docs.aws.amazon.com/cognito/latest/developerguide/hosted-ui-classic-branding.html
"""

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from habitr_emulator.services.cognito_idp import documents, pools
from habitr_emulator.services.cognito_idp.errors import InvalidParameterException
from habitr_emulator.services.cognito_idp.pools import Pool
from habitr_emulator.services.context import Context

ALL = "ALL"
LARGEST_IMAGE = 100 * 1024
_KIND = "looks"
_IMAGES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg"}


async def keep(ctx: Context, pool: Pool, request: Mapping[str, Any]) -> dict[str, Any]:
    """Store CSS and logo and return them; a logo that is left out stays.

    Raises ResourceNotFoundException, InvalidParameterException (no domain, no such image).
    """
    client_id = request.get("ClientId") or ALL
    if client_id != ALL:
        pools.client_in(ctx, pool.id, client_id)
    if ctx.store.one("SELECT 1 FROM cognito_idp_domains WHERE user_pool_id = ?", (pool.id,)) is None:
        raise InvalidParameterException("There has to be an existing domain associated with this user pool")
    before = documents.find(ctx.store, pool.id, _KIND, client_id)
    content = {"ImageUrl": before.content["ImageUrl"]} if before and "ImageUrl" in before.content else {}
    content |= {"ImageUrl": _image(request["ImageFile"])} if request.get("ImageFile") else {}
    content |= {"CSS": request["CSS"]} if request.get("CSS") else {}
    document = documents.made(ctx, _KIND, "" if client_id == ALL else client_id, content, client_id)
    await ctx.store.write(lambda tx: documents.save(tx, pool.id, document))
    return described(ctx, pool, client_id)


def described(ctx: Context, pool: Pool, client_id: str) -> dict[str, Any]:
    """UICustomizationType; ImageUrl is a data URL. Raises ResourceNotFoundException."""
    if client_id != ALL:
        pools.client_in(ctx, pool.id, client_id)
    found = documents.find(ctx.store, pool.id, _KIND, client_id) or documents.find(ctx.store, pool.id, _KIND, ALL)
    if found is None:
        return {"UserPoolId": pool.id, "ClientId": client_id}
    version = hashlib.sha256(str(found.modified_at).encode()).hexdigest()[:14]
    return {"UserPoolId": pool.id, "ClientId": found.id, **found.content, "CSSVersion": version, **found.dates}


def _image(data: bytes) -> str:
    kind = next((kind for start, kind in _IMAGES.items() if data.startswith(start)), None)
    if kind is None or len(data) > LARGEST_IMAGE:
        raise InvalidParameterException("The image must be a PNG or JPEG of at most 100 KB.")
    return f"data:{kind};base64,{b64encode(data).decode()}"
