"""A progress bar for what takes longer than a second; only on a terminal."""

import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack

AFTER = 1.0


def shown(steps: Iterable[tuple[int, int]], what: str) -> Iterator[tuple[int, int]]:
    """The steps (how much is done, of how much), with a bar on stderr while they take long."""
    begun, bar, task = time.monotonic(), None, None
    with ExitStack() as stack:
        for done, total in steps:
            if bar is None and sys.stderr.isatty() and time.monotonic() - begun > AFTER:
                from rich.console import Console
                from rich.progress import Progress

                bar = stack.enter_context(Progress(console=Console(stderr=True), transient=True))
                task = bar.add_task(what, total=total)
            if bar is not None and task is not None:
                bar.update(task, completed=done, total=total)
            yield done, total
