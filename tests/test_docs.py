"""What the documentation says is true: commands, verbs, links and tables."""

import os
import re
import shlex
import subprocess
import sys
from importlib import util
from pathlib import Path
from types import ModuleType

import click
import pytest
from click.testing import CliRunner

from habitr_emulator.cli import cli

ROOT = Path(__file__).parent.parent
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")])
README = (ROOT / "README.md").read_text()
VERBS = cli.list_commands(click.Context(cli))
FIRST_CONTENT = re.compile(r"```sh\n(scripts/\w+)")


def script(name: str) -> ModuleType:
    """A script of the repository as a module."""
    spec = util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec
    assert spec.loader
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def verb(name: str) -> click.Command:
    found = cli.get_command(click.Context(cli), name)
    assert found is not None, f"there is no verb of this name: {name}"
    return found


def test_the_readme_gives_one_command_to_start_and_one_to_test() -> None:
    assert FIRST_CONTENT.findall(README) == ["scripts/up", "scripts/test"]


@pytest.mark.parametrize("name", ["scripts/up", "scripts/test", ".ci/run"])
def test_the_commands_are_executable_and_valid_shell(name: str) -> None:
    assert os.access(ROOT / name, os.X_OK)
    subprocess.run(["bash", "-n", ROOT / name], check=True)


def test_ci_runs_the_readmes_test_command() -> None:
    commands = [line for line in (ROOT / ".ci" / "run").read_text().splitlines() if line and line[0] != "#"]
    assert commands[-1] == "exec scripts/test"


def test_every_verb_that_a_page_names_exists() -> None:
    named = {word for page in PAGES for word in re.findall(r"[`(]habitr-emulator ([a-z]+)", page.read_text())}
    assert {"up", "status"} <= named
    assert not [name for name in sorted(named) if name not in VERBS]


def commands() -> list[tuple[str, ...]]:
    """Every verb, and what it has below it."""
    found: list[tuple[str, ...]] = []
    for name in VERBS:
        command = verb(name)
        found.append((name,))
        if isinstance(command, click.Group):
            found += [(name, inner) for inner in command.list_commands(click.Context(command))]
    return found


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_help_shows_an_example_whose_flags_exist(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shown = CliRunner().invoke(cli, [*words, "--help"], prog_name="habitr-emulator", terminal_width=500)
    assert shown.exit_code == 0, shown.output
    examples = re.findall(
        rf"habitr-emulator {' '.join(words)}\b([^\n)|&>]*)", shown.output.partition("Example")[2]
    )
    assert examples, shown.output
    for example in examples:
        given = shlex.split(example.replace('"$(', "").rstrip('"'))
        assert "--help" not in given
        for file in (word for word in given if re.fullmatch(r"[\w.-]+\.\w+", word)):
            Path(file).touch()
        command = verb(words[0])
        for name in words[1:] if len(words) > 1 else given[:1]:
            if isinstance(command, click.Group):
                inner = command.get_command(click.Context(command), name)
                assert inner is not None, example
                command, given = inner, given if len(words) > 1 else given[1:]
        command.make_context(words[-1], given).close()


def test_a_run_of_help_needs_no_service() -> None:
    code = "import sys; from habitr_emulator.cli import cli; cli(['up', '--help'], standalone_mode=False);" + (
        "sys.exit(sorted(name for name in sys.modules if name in ('graphql', 'cryptography', 'jwt', 'boto3')))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stderr.strip() == "[]", done.stderr


def test_the_coverage_page_is_what_the_code_says() -> None:
    made = script("coverage_table")
    assert (ROOT / "docs" / "coverage.md").read_text() == made.page(), "run scripts/coverage_table.py"
    table = README.partition("<!-- coverage -->\n")[2].partition("<!-- /coverage -->")[0]
    assert table == made.summary(), "run scripts/coverage_table.py"


def links() -> list[tuple[str, str]]:
    """Page and target of every link to a file of the repository."""
    found = []
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text()):
            if "://" not in target:
                found.append((page.relative_to(ROOT).as_posix(), target))
    return found


@pytest.mark.parametrize(("page", "target"), links())
def test_every_link_to_a_file_leads_somewhere(page: str, target: str) -> None:
    assert ((ROOT / page).parent / target).exists()


def test_files_that_the_readme_names_exist() -> None:
    named = re.findall(r"(?:services|gateway|kernel|wire|amplify)/[\w/]+(?:\.py)?", README)
    assert named
    for name in named:
        path = ROOT / "habitr_emulator" / name
        assert path.exists() or path.with_suffix(".py").exists(), name


def test_every_version_is_the_same() -> None:
    import tomllib

    from habitr_emulator import __version__

    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == __version__


def test_every_test_that_the_security_page_names_exists() -> None:
    files = {path.name: path.read_text() for path in (ROOT / "tests").rglob("test_*.py")}
    written = "\n".join(files.values())
    named = re.findall(r"`(?:[\w/]+/)?(test_\w+)(\.py)?`", (ROOT / "docs" / "security.md").read_text())
    assert named
    for name, ending in named:
        assert f"{name}.py" in files if ending else f"def {name}(" in written, name
