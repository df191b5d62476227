"""The black-box client harness beside the repository, where there is one: every case must pass, by name."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.conftest import ROOT, Running

HARNESS = ROOT.parent / "shared" / "conformance" / "clients"


def run_suite(emulator: Running, folder: Path, node: Path, suite: str) -> list[dict[str, str]]:
    """The report of one suite: ``suite``, ``name``, ``outcome`` and ``message`` of each case."""
    if not HARNESS.is_dir():
        pytest.skip("there is no shared/conformance/clients beside the repository")
    clients = folder / "clients"
    shutil.copytree(HARNESS, clients, ignore=shutil.ignore_patterns("node_modules", ".venv", "__pycache__"))
    (clients / "node_modules").symlink_to(node / "node_modules")
    made = subprocess.run(
        [sys.executable, "from_emulator.py", emulator.endpoint],
        cwd=clients,
        stdout=subprocess.PIPE,
        check=True,
        timeout=30,
    )
    (clients / "config.json").write_bytes(made.stdout)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("HABITR_", "AWS_"))}
    done = subprocess.run(
        ["node", "bin/run.mjs", "--suite", suite, "--quiet", "--json", "report.json"],
        cwd=clients,
        env=environment
        | {"HABITR_PYTHON": sys.executable, "PYTEST_ADDOPTS": "-p no:randomly"},  # its cases build up
        capture_output=True,
        text=True,
        check=False,
        timeout=170,
    )
    report = clients / "report.json"
    assert report.is_file(), done.stdout + done.stderr
    cases: list[dict[str, str]] = json.loads(report.read_text())
    return cases


@pytest.mark.node
@pytest.mark.timeout(180)  # amplify-js waits a minute for a token to expire by the real clock
@pytest.mark.parametrize(("suite", "least"), [("boto3", 30), ("amplify-js", 90)])
def test_no_case_of_the_harness_fails(
    emulator: Running, tmp_path: Path, node: Path, suite: str, least: int
) -> None:
    cases = run_suite(emulator, tmp_path, node, suite)
    failed = [f"{case['name']}: {case['message']}" for case in cases if case["outcome"] == "fail"]
    assert not failed, "\n".join(failed)
    assert len([case for case in cases if case["outcome"] == "pass"]) >= least
