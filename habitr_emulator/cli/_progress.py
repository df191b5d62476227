"""A progress bar for what takes longer than a second; only on a terminal."""

import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from typing import Any

AFTER = 1.0


class Bar:
    """A bar on stderr, from the second second on: ``with Bar("seeding") as bar: bar.show(1, 10)``."""

    def __init__(self, what: str) -> None:
        self._what, self._begun = what, time.monotonic()
        self._shown = ExitStack()
        self._bar: Any = None

    def __enter__(self) -> "Bar":
        return self

    def __exit__(self, *_: object) -> None:
        self._shown.close()

    def show(self, done: int, total: int) -> None:
        """So much is done, of so much."""
        if self._bar is None:
            if not sys.stderr.isatty() or time.monotonic() - self._begun < AFTER:
                return
            from rich.console import Console
            from rich.progress import Progress

            self._bar = self._shown.enter_context(Progress(console=Console(stderr=True), transient=True))
            self._task = self._bar.add_task(self._what, total=total)
        self._bar.update(self._task, completed=done, total=total)


def shown(steps: Iterable[tuple[int, int]], what: str) -> Iterator[tuple[int, int]]:
    """The steps (how much is done, of how much), with a bar while they take long."""
    with Bar(what) as bar:
        for done, total in steps:
            bar.show(done, total)
            yield done, total
