"""The deployment packages that the store keeps: each once, by its digest, as long as somebody has it."""

import hashlib

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.context import Account

_UNUSED = """
DELETE FROM lambda_code WHERE code_sha256 NOT IN (
  SELECT code_sha256 FROM lambda_function WHERE code_sha256 IS NOT NULL
  UNION SELECT code_sha256 FROM lambda_version
  UNION SELECT code_sha256 FROM lambda_layer)
"""


def digest(package: bytes) -> str:
    """The name that a package is kept under."""
    return hashlib.sha256(package).hexdigest()


def put(tx: Transaction, package: bytes) -> str:
    """Inside a write: keep a package, and return its digest."""
    code_sha256 = digest(package)
    tx.execute("INSERT OR IGNORE INTO lambda_code VALUES (?, ?)", (code_sha256, package))
    return code_sha256


def drop_unused(tx: Transaction) -> None:
    """Inside a write: forget packages that no function, version or layer has any more."""
    tx.execute(_UNUSED)


def get(account: Account, code_sha256: str) -> bytes | None:
    """The package of a digest."""
    row = account.store.one("SELECT package FROM lambda_code WHERE code_sha256 = ?", (code_sha256,))
    return None if row is None else bytes(row["package"])


def digests(account: Account) -> set[str]:
    """Those that are kept."""
    return {row["code_sha256"] for row in account.store.all("SELECT code_sha256 FROM lambda_code")}
