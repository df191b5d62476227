"""However a project is damaged, it is read, or refused in one sentence with the place."""

import shutil
from pathlib import Path

import pytest

from habitr_emulator.amplify.project import load
from habitr_emulator.kernel.errors import ProjectError
from tests.conftest import PACKAGE
from tests.unit.amplify.damage import damage

FIXTURES = sorted(path.parent for path in (PACKAGE.parent / "fixtures").glob("**/amplify") if path.is_dir())
TRIES = 12


@pytest.mark.parametrize("project", FIXTURES, ids=lambda path: path.name)
@pytest.mark.parametrize("seed", range(TRIES))
def test_damage_ends_in_a_backend_or_a_sentence(tmp_path: Path, project: Path, seed: int) -> None:
    copy = tmp_path / project.name
    shutil.copytree(project / "amplify", copy / "amplify")
    what = damage(copy / "amplify", seed)
    refused = refusal(copy)
    assert refused is None or (refused.reason and str(tmp_path) in refused.file), what


def refusal(project: Path) -> ProjectError | None:
    try:
        backend = load(project)
        _ = backend.tables, backend.graphql_apis
    except ProjectError as error:
        return error
    return None


@pytest.mark.parametrize("name", ["cli.json", "team-provider-info.json", ".config/project-config.json"])
def test_a_settings_file_that_is_no_json_is_ignored_and_told(tmp_path: Path, name: str) -> None:
    shutil.copytree(FIXTURES[0] / "amplify", tmp_path / "copy" / "amplify")
    (tmp_path / "copy" / "amplify" / name).parent.mkdir(exist_ok=True)
    (tmp_path / "copy" / "amplify" / name).write_text("{\n<<<<<<< HEAD\n")
    (note,) = load(tmp_path / "copy").notes
    assert note.where == Path(name).name
    assert f"{Path(name).name}:2:1" in note.reason
