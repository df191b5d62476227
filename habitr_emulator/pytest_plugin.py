"""The pytest plugin: fixture ``habitr``. Nothing of the emulator is imported before a test asks for it."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from habitr_emulator.testing import Background, Habitr


def pytest_addoption(parser: pytest.Parser) -> None:
    """Two settings of pytest's own file; all others are HABITR_* variables or habitr.toml."""
    parser.addini("habitr_project", "The folder that holds amplify/ [Habitr].", default="")
    parser.addini("habitr_seed", "Whether each test begins with the project's seed.", type="bool", default=True)


@pytest.fixture(scope="session")
def habitr_background(pytestconfig: pytest.Config) -> "Iterator[Background]":
    """One emulator a process (so one a worker of pytest-xdist): in memory, on free ports."""
    from habitr_emulator.settings import resolve
    from habitr_emulator.testing import Background

    flags: dict[str, Any] = {"memory": True, "port": 0, "tls_port": None}
    if not pytestconfig.getini("habitr_seed"):
        flags["seed"] = False
    project = pytestconfig.getini("habitr_project")
    if project:
        flags["project"] = str(pytestconfig.rootpath / project)
    ignored = ("HABITR_DATA_DIR", "HABITR_PORT", "HABITR_TLS_PORT")
    environment = {name: value for name, value in os.environ.items() if name not in ignored}
    background = Background(resolve(flags, environment, Path(pytestconfig.rootpath)))
    background.start()
    yield background
    background.stop()


@pytest.fixture
def habitr(habitr_background: "Background") -> "Habitr":
    """The emulator in its seeded state: real time, no faults, nothing of an earlier test."""
    from habitr_emulator.testing import Habitr

    emulator = habitr_background.emulator
    emulator.account.clock.resume()
    habitr_background.run(emulator.reset()).result()
    return Habitr(habitr_background)
