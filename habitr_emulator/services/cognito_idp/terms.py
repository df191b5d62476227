"""Terms of use and privacy policies of app clients: kept and given back.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateTerms.html
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.cognito_idp import documents
from habitr_emulator.services.cognito_idp.documents import Document
from habitr_emulator.services.cognito_idp.errors import ResourceNotFoundException, TermsExistsException
from habitr_emulator.services.cognito_idp.pools import Pool, Reader
from habitr_emulator.services.context import Context

_KIND = "terms"
_MEMBERS = ("TermsName", "TermsSource", "Enforcement", "Links")


async def create(ctx: Context, pool: Pool, client_id: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """Store new terms and return them; raises TermsExistsException."""
    content = {"Links": {}} | {name: request[name] for name in _MEMBERS if request.get(name)}
    document = documents.made(ctx, _KIND, client_id, content, ctx.ids.uuid())

    def write(tx: Transaction) -> None:
        _check_name(tx, pool, document)
        documents.save(tx, pool.id, document)

    await ctx.store.write(write)
    return described(pool, document)


async def update(ctx: Context, pool: Pool, request: Mapping[str, Any]) -> dict[str, Any]:
    """Replace what the request names. Raises ResourceNotFoundException, TermsExistsException."""
    changed, now = {name: request[name] for name in _MEMBERS if request.get(name)}, ctx.clock.now()

    def write(tx: Transaction) -> Document:
        before = require(tx, pool, request["TermsId"])
        after = replace(before, content={**before.content, **changed}, modified_at=now)
        _check_name(tx, pool, after)
        documents.save(tx, pool.id, after)
        return after

    return described(pool, await ctx.store.write(write))


async def delete(ctx: Context, pool: Pool, terms_id: str) -> None:
    """Remove terms; raises ResourceNotFoundException."""
    if not await documents.delete(ctx, pool.id, _KIND, terms_id):
        raise ResourceNotFoundException("Terms not found.")


def require(reader: Reader, pool: Pool, terms_id: str) -> Document:
    """Terms by id; raises ResourceNotFoundException."""
    found = documents.find(reader, pool.id, _KIND, terms_id)
    if found is None:
        raise ResourceNotFoundException("Terms not found.")
    return found


def named(reader: Reader, pool: Pool, client_id: str, name: str) -> Document:
    """Terms of a client by name; raises ResourceNotFoundException."""
    for found in documents.of_client(reader, pool.id, _KIND, client_id):
        if found.content["TermsName"] == name:
            return found
    raise ResourceNotFoundException("Terms not found.")


def page(reader: Reader, pool: Pool, after: str, limit: int) -> list[Document]:
    """A page of a pool's terms."""
    return documents.page(reader, pool.id, _KIND, after, limit)


def described(pool: Pool, document: Document) -> dict[str, Any]:
    """TermsType."""
    whose = {"TermsId": document.id, "UserPoolId": pool.id, "ClientId": document.client_id}
    return {**whose, **document.content, **document.dates}


def listed(document: Document) -> dict[str, Any]:
    """TermsDescriptionType."""
    named_so = {name: document.content[name] for name in ("TermsName", "Enforcement")}
    return {"TermsId": document.id, **named_so, **document.dates}


def _check_name(tx: Transaction, pool: Pool, document: Document) -> None:
    for other in documents.of_client(tx, pool.id, _KIND, document.client_id):
        if other.id != document.id and other.content["TermsName"] == document.content["TermsName"]:
            raise TermsExistsException
