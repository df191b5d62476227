"""How the state of a start begins: as the last run left it, from the cache, or with the project's seed played."""

import shutil
from pathlib import Path

from habitr_emulator.kernel.snapshots import DATABASE
from habitr_emulator.settings import Settings
from habitr_emulator.state import remembered
from habitr_emulator.state.state import State, Told


def seed_files(project: Path, builtin: bool) -> list[Path]:
    """A project's seeds, by name: ``seed/*.yaml`` beside ``amplify/``; Habitr's own lie beside its folder."""
    folder = project.parent / "seed" if builtin else project / "seed"
    return sorted([*folder.glob("*.yaml"), *folder.glob("*.yml"), *folder.glob("*.json")])


class Beginning:
    """One start in one data folder. ``recall`` before the database is opened, ``complete`` after deploying."""

    def __init__(self, settings: Settings, project: Path, data: Path) -> None:
        self._settings, self._project, self._data = settings, project, data
        self._files = seed_files(project, settings.project is None) if settings.seed else []
        self._key, self._recalled = "", False

    def recall(self) -> None:
        """Give a new folder the seeded state that an earlier start made of the same project and seed."""
        if (self._data / DATABASE).exists():
            return
        shutil.rmtree(self._data / "snapshots", ignore_errors=True)
        if self._files:
            self._key = remembered.fingerprint(self._settings, self._project, self._files)
            self._recalled = remembered.recall(self._key, self._data)

    async def complete(self, state: State, told: Told) -> None:
        """Seed a new state and keep it for the next one; ``told`` hears how far it is. Raises SeedError."""
        if self._recalled or state.continues():
            return
        from habitr_emulator.seed.file import read

        await state.begin([read(path) for path in self._files], told)
        if self._key:
            await remembered.remember(self._key, state.snapshots)
