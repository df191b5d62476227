"""What the transformer made of a schema last time, kept by content: the next start then needs no GraphQL parser.

Only the tables are kept: they must exist before the first request, while the APIs themselves can be worked out in
the background. The files are in the user's cache folder; losing them costs a quarter of a second, no more.
"""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from habitr_emulator import __version__
from habitr_emulator.services.dynamodb.spec import Table

Tables = Mapping[str, Table]
KEPT = 32


def folder() -> Path:
    """``$XDG_CACHE_HOME/habitr-emulator``."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "habitr-emulator" / "schemas"


def recall(fingerprint: str) -> Tables | None:
    """Type name to table, if a schema of this fingerprint was transformed before."""
    try:
        content = json.loads(_file(fingerprint).read_text())
        return {name: Table(**fields) for name, fields in content.items()}
    except (OSError, ValueError, TypeError, RuntimeError):
        return None


def remember(fingerprint: str, tables: Tables) -> None:
    """Keep the tables of a schema that was transformed without a refusal; oldest files go."""
    with suppress(OSError, RuntimeError):
        path = _file(fingerprint)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        aside = path.with_suffix(f".{os.getpid()}")
        aside.write_text(json.dumps({name: asdict(table) for name, table in tables.items()}))
        aside.replace(path)
        for old in sorted(path.parent.iterdir(), key=lambda each: each.stat().st_mtime)[:-KEPT]:
            old.unlink()


def _file(fingerprint: str) -> Path:
    return folder() / f"{__version__}-{_transformer():x}-{fingerprint}.json"


def _transformer() -> int:
    """Changes with the transformer's own code, for those who work on it."""
    return max(path.stat().st_mtime_ns for path in Path(__file__).parent.rglob("*.py"))
