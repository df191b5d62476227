"""A seed as one document, for an emulator that does not see this machine's files."""

import base64
from dataclasses import asdict
from typing import Any

import orjson

from habitr_emulator.seed.content import content_of
from habitr_emulator.seed.file import File, Seed


def bundled(seed: Seed) -> bytes:
    """The seed as JSON, the content of its files in it. Raises SeedError."""
    users = [asdict(user) for user in seed.users]
    rows = [_named(asdict(row)) for row in seed.rows]
    return orjson.dumps({"users": users, "files": [_file(file, seed) for file in seed.files], "rows": rows})


def _file(file: File, seed: Seed) -> dict[str, Any]:
    if file.path is None:
        return _named(asdict(file))
    body, media_type = content_of(file, seed.folder)
    told = {"path": None, "base64": base64.b64encode(body).decode(), "content_type": media_type}
    return _named(asdict(file) | told)


def _named(entry: dict[str, Any]) -> dict[str, Any]:
    entry["as"] = entry.pop("by")
    return {name: value for name, value in entry.items() if value not in (None, "", {})}
