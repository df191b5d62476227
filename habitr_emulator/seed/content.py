"""What a file of a seed has in it."""

import base64
import binascii
import mimetypes
from pathlib import Path

from habitr_emulator.kernel.errors import SeedError
from habitr_emulator.seed.avatar import MEDIA_TYPE, avatar
from habitr_emulator.seed.file import File


def content_of(file: File, folder: Path | None) -> tuple[bytes, str]:
    """The bytes of a file and their media type. Raises SeedError."""
    if file.avatar is not None:
        return avatar(file.avatar).encode(), MEDIA_TYPE
    guessed = file.content_type or mimetypes.guess_type(file.key)[0] or "application/octet-stream"
    if file.text is not None:
        return file.text.encode(), guessed
    if file.base64 is not None:
        return _decoded(file), guessed
    if folder is None:
        raise SeedError(f"{file.key}: only a seed that is a file on this machine can name others: {file.path}")
    path = (folder / str(file.path)).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise SeedError(f"{file.key}: a seed names files of its own folder only: {file.path}")
    try:
        return path.read_bytes(), guessed
    except OSError as error:
        raise SeedError(f"{file.key}: {file.path} cannot be read: {error.strerror}") from None


def _decoded(file: File) -> bytes:
    try:
        return base64.b64decode(file.base64 or "", validate=True)
    except binascii.Error:
        raise SeedError(f"{file.key}: this is no base64") from None
