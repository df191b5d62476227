"""Bodies as files: named by a random id, never by a key; immutable; visible only through a row of the database.

A body is written under ``incoming/``, hashed on the way, renamed into ``objects/``, and then recorded in
``s3_blobs`` by the transaction that makes the object or part visible. A file without a record is garbage, whatever
happened.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from habitr_emulator.kernel.errors import InternalFailure
from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.context import Account
from habitr_emulator.services.s3.checksums import Digests
from habitr_emulator.services.s3.errors import EntityTooLarge
from habitr_emulator.wire.http import FileRange

#: Up to here a body is written and read on the spot: a hop to a thread costs more.
SMALL = 256 * 1024
#: What is hashed and written in one go in a thread.
CHUNK = 1024 * 1024
#: A replaced file stays this many seconds for those who are about to open it.
GRACE = 5.0
MOST = 5 * 1024**3

Body = bytes | AsyncIterator[bytes]


@dataclass(frozen=True, slots=True)
class Blob:
    """A written body and its size in bytes."""

    id: str
    size: int


class Blobs:
    """The files of one account."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._durable = account.store.durable
        self.folder = account.store.folder / "objects"
        self.incoming = account.store.folder / "incoming"
        self.incoming.mkdir(parents=True, exist_ok=True)
        #: Files that a running request works on, which no row names yet.
        self.writing: set[str] = set()
        self._garbage: set[str] = set()
        self._folders: set[str] = set()

    @asynccontextmanager
    async def receiving(self, body: Body, digests: Digests, most: int = MOST) -> AsyncIterator[Blob]:
        """Write ``body`` to a file, for a block that records it; if the block fails the file goes.

        Raises EntityTooLarge, and what reading the body raises.
        """
        blob_id = self._account.ids.uuid()
        self.writing.add(blob_id)
        try:
            with _disk_errors():
                size = await self._write(blob_id, body, digests, most)
                digests.verify()
                await self._place(blob_id)
            yield Blob(blob_id, size)
        except BaseException:
            with suppress(FileNotFoundError):  # at once: nobody reads it, and its disk may be full
                (self.incoming / blob_id).unlink()
            self.discard([blob_id])
            raise
        finally:
            self.writing.discard(blob_id)

    def ranges(self, blobs: Sequence[Blob], offset: int, length: int) -> tuple[FileRange, ...]:
        """``length`` bytes from ``offset`` of bodies on end, as ranges of their files."""
        found = []
        for blob in blobs:
            taken = min(blob.size - offset, length)
            if taken > 0 and offset >= 0:
                found.append(FileRange(self.path(blob.id), offset, taken))
                length -= taken
            offset = max(0, offset - blob.size)
            if length <= 0:
                break
        return tuple(found)

    def body(self, blobs: Sequence[Blob], offset: int, length: int) -> bytes | tuple[FileRange, ...]:
        """What an answer sends: small bodies as bytes, others as file ranges. Raises InternalFailure."""
        ranges = self.ranges(blobs, offset, length)
        try:
            if length > SMALL:
                for part in ranges:
                    os.stat(part.path)
                return ranges
            return b"".join(_read(part) for part in ranges)
        except FileNotFoundError as error:
            raise InternalFailure(why=f"the object's body is missing on disk: {error.filename}") from None

    async def stream(self, blobs: Sequence[Blob], offset: int, length: int) -> AsyncIterator[bytes]:
        """The same bytes, piece by piece, for a copy; all files are open before the first one."""
        with ExitStack() as stack:
            parts = self.ranges(blobs, offset, length)
            files = [stack.enter_context(part.path.open("rb", buffering=0)) for part in parts]
            for file, part in zip(files, parts, strict=True):
                for start in range(part.offset, part.offset + part.length, CHUNK):
                    size = min(CHUNK, part.offset + part.length - start)
                    yield await asyncio.to_thread(os.pread, file.fileno(), size, start)

    def path(self, blob_id: str) -> Path:
        """The file of a blob."""
        return self.folder / blob_id[:2] / blob_id

    def discard(self, ids: Iterable[str]) -> None:
        """Remove files soon, unless a row names them after all."""
        listed = list(ids)
        if listed:
            self._garbage.update(listed)
            asyncio.get_running_loop().call_later(GRACE, self._collect_waiting, listed)

    def _collect_waiting(self, ids: Iterable[str]) -> None:
        """What was discarded a while ago; ``close`` leaves nothing waiting, and no store to ask either."""
        self.collect([blob_id for blob_id in ids if blob_id in self._garbage])

    def collect(self, ids: Iterable[str]) -> None:
        """Remove the files among ``ids`` that nothing names."""
        for blob_id in ids:
            self._garbage.discard(blob_id)
            if blob_id in self.writing or self.recorded(blob_id):
                continue
            for path in (self.path(blob_id), self.incoming / blob_id):
                with suppress(FileNotFoundError):
                    path.unlink()

    def recorded(self, blob_id: str) -> bool:
        """Whether an object or part has this body."""
        return self._account.store.one("SELECT 1 FROM s3_blobs WHERE id = ?", (blob_id,)) is not None

    async def close(self) -> None:
        """Remove what waits for its removal."""
        self.collect(tuple(self._garbage))

    async def _write(self, blob_id: str, body: Body, digests: Digests, most: int) -> int:
        size = 0
        with FileIO(f"{self.incoming}/{blob_id}", "xb") as file:
            async with _Taker(file, digests) as taker:
                async for piece in _pieces(body):
                    size += len(piece)
                    if size > most:
                        raise EntityTooLarge(ProposedSize=size, MaxSizeAllowed=most)
                    await taker.take(piece)
            if self._durable:
                await asyncio.to_thread(os.fsync, file.fileno())
        return size

    async def _place(self, blob_id: str) -> None:
        folder = blob_id[:2]
        if folder not in self._folders:
            (self.folder / folder).mkdir(parents=True, exist_ok=True)
            self._folders.add(folder)
        os.rename(f"{self.incoming}/{blob_id}", f"{self.folder}/{folder}/{blob_id}")
        if self._durable:
            await asyncio.to_thread(_sync_folder, self.folder / folder)


def record(tx: Transaction, blob: Blob) -> None:
    """In the transaction that makes an object or part visible: its body is no garbage."""
    tx.execute("INSERT INTO s3_blobs (id) VALUES (?)", (blob.id,))


def forget(tx: Transaction, ids: Sequence[str]) -> None:
    """In the transaction that removes an object or part: its bodies are garbage."""
    tx.executemany("DELETE FROM s3_blobs WHERE id = ?", [(blob_id,) for blob_id in ids])


@contextmanager
def _disk_errors() -> Iterator[None]:
    """A disk that takes no more is told as what it is; a client that went away is none of that."""
    try:
        yield
    except ConnectionError:
        raise
    except OSError as error:
        raise InternalFailure(why=f"the object could not be written to disk: {error.strerror}") from error


async def _pieces(body: Body) -> AsyncIterator[bytes]:
    """The body in pieces worth a thread, or in one small one."""
    if isinstance(body, bytes):
        for piece in _cut(body):
            yield piece
        return
    gathered: list[bytes] = []
    size = 0
    async for chunk in body:
        gathered.append(chunk)
        size += len(chunk)
        if size >= CHUNK:
            yield b"".join(gathered)
            gathered, size = [], 0
    if size:
        yield b"".join(gathered)


def _cut(body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), CHUNK):
        yield body[start : start + CHUNK]


class _Taker:
    """Hashes and writes pieces in order: small ones on the spot, each large one in a thread while the next one is
    received.
    """

    def __init__(self, file: FileIO, digests: Digests) -> None:
        self._file, self._digests = file, digests
        self._busy: asyncio.Future[None] | None = None

    async def __aenter__(self) -> "_Taker":
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """What is being written ends before the file is closed, whatever else happens."""
        if self._busy is not None:
            await asyncio.wait([self._busy])
            failed = self._busy.exception()
            if failed is not None and kind is None:
                raise failed

    async def take(self, piece: bytes) -> None:
        """Take the next piece; raises what taking the one before raised."""
        if self._busy is not None:
            await asyncio.wait([self._busy])
            self._busy.result()
            self._busy = None
        if len(piece) <= SMALL:
            self._take(piece)
        else:
            self._busy = asyncio.get_running_loop().run_in_executor(None, self._take, piece)

    def _take(self, piece: bytes) -> None:
        self._digests.update(piece)
        view = memoryview(piece)
        while view:
            view = view[self._file.write(view) :]


def _read(part: FileRange) -> bytes:
    with part.path.open("rb", buffering=0) as file:
        return os.pread(file.fileno(), part.length, part.offset)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
