"""What of a project is not run, or only with something left out: told at the start and by ``doctor``."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from habitr_emulator.kernel.errors import ProjectError

_log = logging.getLogger(__name__)

#: What reading a file of an unexpected shape raises.
_ODD = (AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class Note:
    """One sentence about one part of the project: ``where`` is ``function/resize`` or a file."""

    where: str
    reason: str

    def __str__(self) -> str:
        return f"{self.where}: {self.reason}"


class Notes:
    """Collects notes while a project is read; the same one is kept once."""

    def __init__(self) -> None:
        self._notes: dict[Note, None] = {}

    def __iter__(self) -> Iterator[Note]:
        return iter(self._notes)

    def add(self, where: str, reason: str) -> None:
        """Keep one."""
        self._notes[Note(where, " ".join(reason.split()))] = None

    @contextmanager
    def instead(self, where: str, what: str = "is not run") -> Iterator[None]:
        """A part that cannot be read becomes a note, and the rest of the project starts without it."""
        try:
            yield
        except ProjectError as error:
            self.add(where, f"{what}: {error}")
        except _ODD as error:
            _log.debug("%s %s", where, what, exc_info=True)
            self.add(where, f"{what}: its files have an unexpected form ({type(error).__name__}: {error})")
