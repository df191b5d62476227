"""What a pool keeps for an administrator and gives back: risk and log configuration, looks, branding, terms."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from habitr_emulator.kernel.store import Row, Transaction
from habitr_emulator.services.cognito_idp.pools import Reader
from habitr_emulator.services.context import Context


@dataclass(frozen=True, slots=True)
class Document:
    """A kept document. ``client_id`` is empty for one of the whole pool."""

    kind: str
    id: str
    client_id: str
    content: Mapping[str, Any]
    created_at: float
    modified_at: float

    @property
    def dates(self) -> dict[str, float]:
        """CreationDate and LastModifiedDate."""
        return {"CreationDate": self.created_at, "LastModifiedDate": self.modified_at}


def find(reader: Reader, pool_id: str, kind: str, document_id: str) -> Document | None:
    """A document, or None."""
    sql = "SELECT * FROM cognito_idp_documents WHERE user_pool_id = ? AND kind = ? AND id = ?"
    row = reader.one(sql, (pool_id, kind, document_id))
    return _document(row) if row else None


def of_client(reader: Reader, pool_id: str, kind: str, client_id: str) -> list[Document]:
    """A client's documents of a kind."""
    sql = "SELECT * FROM cognito_idp_documents WHERE user_pool_id = ? AND kind = ? AND client_id = ? LIMIT 60"
    return [_document(row) for row in reader.all(sql, (pool_id, kind, client_id))]


def page(reader: Reader, pool_id: str, kind: str, after: str, limit: int) -> list[Document]:
    """A page of a pool's documents of a kind, in order of their ids."""
    sql = """SELECT * FROM cognito_idp_documents WHERE user_pool_id = ? AND kind = ? AND id > ?
             ORDER BY id LIMIT ?"""
    return [_document(row) for row in reader.all(sql, (pool_id, kind, after, limit))]


def made(ctx: Context, kind: str, client_id: str, content: Mapping[str, Any], document_id: str = "") -> Document:
    """A document that is not stored yet."""
    now = ctx.clock.now()
    return Document(kind, document_id, client_id, content, now, now)


def save(tx: Transaction, pool_id: str, document: Document) -> None:
    """Store a document; one that is there keeps its CreationDate."""
    tx.execute(
        """INSERT INTO cognito_idp_documents VALUES (:pool, :kind, :id, :client, :content, :created, :modified)
           ON CONFLICT DO UPDATE SET client_id = :client, content = :content, modified_at = :modified""",
        {
            "pool": pool_id,
            "kind": document.kind,
            "id": document.id,
            "client": document.client_id,
            "content": orjson.dumps(document.content).decode(),
            "created": document.created_at,
            "modified": document.modified_at,
        },
    )


async def delete(ctx: Context, pool_id: str, kind: str, document_id: str) -> bool:
    """Remove a document; False if there is none."""
    sql = "DELETE FROM cognito_idp_documents WHERE user_pool_id = ? AND kind = ? AND id = ?"
    return bool(await ctx.store.write(lambda tx: tx.execute(sql, (pool_id, kind, document_id)).rowcount))


def forget_client(tx: Transaction, pool_id: str, client_id: str) -> None:
    """Remove what a deleted client had."""
    sql = "DELETE FROM cognito_idp_documents WHERE user_pool_id = ? AND client_id = ?"
    tx.execute(sql, (pool_id, client_id))


def _document(row: Row) -> Document:
    content = orjson.loads(row["content"])
    return Document(row["kind"], row["id"], row["client_id"], content, row["created_at"], row["modified_at"])
