"""Removes files that no row names: what a crash left, and what a restored state does not know."""

import asyncio
import logging
from pathlib import Path

from habitr_emulator.services.context import Account
from habitr_emulator.services.s3.blobs import Blobs

_log = logging.getLogger(__name__)
_SLICE = 500


class Sweeper:
    """Sweeps an account's files when it starts and after its state was restored."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._begun = False
        account.bus.subscribe("store.restored", lambda _: self._run())

    def start(self) -> None:
        """Sweep in the background, once a process."""
        if not self._begun:
            self._begun = True
            self._account.bus.spawn(self._run())

    async def sweep(self) -> int:
        """Remove every orphan and tell of every missing file; returns how many were removed."""
        blobs = self._account.part(Blobs)
        present = await asyncio.to_thread(_names, blobs.folder)
        present |= await asyncio.to_thread(_names, blobs.incoming)
        orphans = []
        for number, blob_id in enumerate(present):
            if blob_id not in blobs.writing and not blobs.recorded(blob_id):
                orphans.append(blob_id)
            if number % _SLICE == 0:
                await asyncio.sleep(0)
        blobs.collect(orphans)
        if orphans:
            _log.info("S3: removed %d bodies that no object has", len(orphans))
        await self._report_missing(blobs)
        return len(orphans)

    async def _run(self) -> None:
        await self.sweep()

    async def _report_missing(self, blobs: Blobs) -> None:
        last = ""
        while rows := self._account.store.all(
            "SELECT id FROM s3_blobs WHERE id > ? ORDER BY id LIMIT ?", (last, _SLICE)
        ):
            last = rows[-1]["id"]
            gone = [row["id"] for row in rows if not blobs.path(row["id"]).exists()]
            for blob_id in gone:
                if blobs.recorded(blob_id):
                    _log.error("S3: the body %s of an object is missing on disk", blob_id)
            await asyncio.sleep(0)


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()} if folder.is_dir() else set()
