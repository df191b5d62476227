"""A newcomer at a terminal, who does what the README says and nothing else."""

import os
import pty
import re
import select
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.conftest import ROOT, free_port

README = (ROOT / "README.md").read_text()
PATIENCE = 90.0
BRACKETS = re.compile(r"\x1b\[\?2004[hl]\r?")  # what a shell tells its terminal about pasting
END = re.compile(r"\[\[(\d+) ends with (\d+)\]\]")


def block(after: str) -> list[str]:
    """The lines of the first shell block after a text of the README, without their comments."""
    found = re.search(r"```sh\n(.*?)```", README.partition(after)[2], re.DOTALL)
    assert found, after
    return [re.sub(r"\s+# .*", "", line) for line in found[1].splitlines() if line.strip()]


class Terminal:
    """A shell on a terminal of its own."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._master, terminal = pty.openpty()
        self._shell = subprocess.Popen(
            ["bash", "--norc", "--noprofile", "-i"],
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            cwd=folder,
            env=environment,
            start_new_session=True,
        )
        os.close(terminal)
        self._count = 0

    def type(self, line: str) -> tuple[int, str]:
        """Type a line; its exit code and what the terminal showed."""
        self._count += 1
        number = self._count
        os.write(self._master, f"{line}\nprintf '[[%d ends with %d]]\\n' {number} $?\n".encode())
        shown = ""
        while True:
            found = [each for each in END.finditer(shown) if int(each[1]) == number]
            if found:
                return int(found[0][2]), BRACKETS.sub("", shown[: found[0].start()])
            ready, _, _ = select.select([self._master], [], [], PATIENCE)
            assert ready, f"{line}: nothing came for {PATIENCE} s after: {shown}"
            shown += os.read(self._master, 65_536).decode(errors="replace").replace("\r\n", "\n")

    def close(self) -> None:
        os.write(self._master, b"exit\n")
        self._shell.wait(10)
        os.close(self._master)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    programs = tmp_path / "bin"
    programs.mkdir()
    shim = programs / "habitr-emulator"  # what scripts/up has installed
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m habitr_emulator "$@"\n')
    shim.chmod(0o755)
    (programs / "python3").symlink_to(sys.executable)
    aws = Path(sys.executable).parent / "aws"
    if aws.exists():
        (programs / "aws").symlink_to(aws)
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "HABITR_", "NODE_"))
    }
    clean |= {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "HABITR_PORT": str(free_port()),
        "TERM": "xterm",
        "PS1": "$ ",
        "AWS_PAGER": "",
    }
    folder = tmp_path / "work"
    folder.mkdir()
    opened = Terminal(folder, clean)
    yield opened
    opened.close()


@pytest.mark.timeout(300)
def test_the_first_hour_goes_as_the_readme_says(terminal: Terminal) -> None:
    lines = block("A first hour:")
    assert lines[0].startswith("habitr-emulator up")
    assert lines[-1] == "habitr-emulator down"
    shown: dict[str, str] = {}
    try:
        for line in lines[:-1]:
            code, shown[line.split()[1]] = terminal.type(line)
            assert code == 0, f"{line} ended with {code}: {shown}"
        assert re.search(r"^Ready\.$", shown["up"], re.MULTILINE)
        assert "Walk before the first screen" in shown["graphql"]
        assert re.search(r"^\d{6}$", shown["inbox"], re.MULTILINE)
        assert "Seeded: " in shown["seed"]
        assert "its seed, and nothing else" in shown["reset"]
        assert "habitr-emulator 0." in shown["doctor"]
        for line in block("AWS CLI and boto3"):
            if line.startswith("aws ") and terminal.type("command -v aws")[0]:
                continue
            code, text = terminal.type(line)
            assert code == 0, f"{line} ended with {code}: {text}"
        assert "Habit-" in text
    finally:
        code, text = terminal.type(lines[-1])
    assert (code, "The emulator has ended" in text) == (0, True)
    assert terminal.type("habitr-emulator status")[0] == 1


def test_a_failure_is_coloured_on_a_terminal_unless_that_is_not_wanted(terminal: Terminal) -> None:
    code, text = terminal.type("habitr-emulator status --endpoint http://localhost:1")
    assert (code, "\033[31m" in text) == (1, True)
    _, text = terminal.type("NO_COLOR=1 habitr-emulator status --endpoint http://localhost:1")
    assert "\033[31m" not in text


def test_the_documentation_builds_without_a_warning(tmp_path: Path) -> None:
    pytest.importorskip("mkdocs")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path / "site")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "site" / "changelog" / "index.html").exists()


def test_every_command_of_the_pages_is_one_that_there_is() -> None:
    import shlex

    import click

    from habitr_emulator.cli import cli

    for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        shell = "\n".join(re.findall(r"```sh\n(.*?)```", page.read_text(), re.DOTALL))
        for found in re.findall(r"^ *(?:[A-Z_]+=\S+ )*habitr-emulator ([^\n|`]+)$", shell, re.MULTILINE):
            words = shlex.split(re.sub(r"\s+# .*", "", found), comments=True)
            command: click.Command | None = cli
            while isinstance(command, click.Group) and words:
                command = command.get_command(click.Context(command), words.pop(0))
            assert command is not None, f"{page.name}: {found}"
            options = {flag for option in command.params for flag in (*option.opts, *option.secondary_opts)}
            before = words[: words.index("--")] if "--" in words else words
            unknown = [word for word in before if word.startswith("-") and word not in options]
            assert not unknown, f"{page.name}: {found}: {unknown}"
