"""The looks of managed login, one set for a client: kept and given back.

https://docs.aws.amazon.com/cognito/latest/developerguide/managed-login-branding.html
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.cognito_idp import documents
from habitr_emulator.services.cognito_idp.documents import Document
from habitr_emulator.services.cognito_idp.errors import (
    InvalidParameterException,
    ManagedLoginBrandingExistsException,
    ResourceNotFoundException,
)
from habitr_emulator.services.cognito_idp.pools import Pool, Reader
from habitr_emulator.services.context import Context

_KIND = "branding"


async def create(ctx: Context, pool: Pool, client_id: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """Store a new branding and return it.

    Raises ManagedLoginBrandingExistsException, InvalidParameterException.
    """
    document = documents.made(ctx, _KIND, client_id, _content(request), ctx.ids.uuid())

    def write(tx: Transaction) -> None:
        if documents.of_client(tx, pool.id, _KIND, client_id):
            raise ManagedLoginBrandingExistsException
        documents.save(tx, pool.id, document)

    await ctx.store.write(write)
    return described(pool, document)


async def update(ctx: Context, pool: Pool, request: Mapping[str, Any]) -> dict[str, Any]:
    """Replace the members that the request names. Raises ResourceNotFoundException, InvalidParameterException."""
    content, now = _content(request), ctx.clock.now()

    def write(tx: Transaction) -> Document:
        before = require(tx, pool, request["ManagedLoginBrandingId"])
        kept = {} if content.get("UseCognitoProvidedValues") else before.content
        after = replace(before, content={**kept, **content}, modified_at=now)
        documents.save(tx, pool.id, after)
        return after

    return described(pool, await ctx.store.write(write))


async def delete(ctx: Context, pool: Pool, branding_id: str) -> None:
    """Remove a branding; raises ResourceNotFoundException."""
    if not await documents.delete(ctx, pool.id, _KIND, branding_id):
        raise ResourceNotFoundException("Managed login branding not found.")


def require(reader: Reader, pool: Pool, branding_id: str) -> Document:
    """A branding; raises ResourceNotFoundException."""
    found = documents.find(reader, pool.id, _KIND, branding_id)
    if found is None:
        raise ResourceNotFoundException("Managed login branding not found.")
    return found


def of_client(reader: Reader, pool: Pool, client_id: str) -> Document:
    """The branding of a client; raises ResourceNotFoundException."""
    for found in documents.of_client(reader, pool.id, _KIND, client_id):
        return found
    raise ResourceNotFoundException("Managed login branding not found.")


def described(pool: Pool, document: Document) -> dict[str, Any]:
    """ManagedLoginBrandingType."""
    shown = {"ManagedLoginBrandingId": document.id, "UserPoolId": pool.id, **document.content, **document.dates}
    assets = document.content.get("Assets") or ()
    shown["Assets"] = [
        {**asset, "Bytes": b64decode(asset["Bytes"])} if asset.get("Bytes") else asset for asset in assets
    ]
    return shown


def _content(request: Mapping[str, Any]) -> dict[str, Any]:
    provided = bool(request.get("UseCognitoProvidedValues"))
    if provided and (request.get("Settings") or request.get("Assets")):
        raise InvalidParameterException("UseCognitoProvidedValues cannot be set together with Settings or Assets.")
    content: dict[str, Any] = {"UseCognitoProvidedValues": provided}
    if request.get("Settings") is not None:
        content["Settings"] = request["Settings"]
    if request.get("Assets") is not None:
        content["Assets"] = [
            {**asset, "Bytes": b64encode(asset["Bytes"]).decode()} if asset.get("Bytes") else asset
            for asset in request["Assets"]
        ]
    return content
