"""aws-amplify v6, amazon-cognito-identity-js and aws-jwt-verify under Node: node/*.test.mjs."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.journeys import chats, pools
from tests.journeys.conftest import NODE, Running

SUITES = sorted(path.name for path in NODE.glob("*.test.mjs"))
#: What a suite needs beside the project: a function that makes it and says what it made.
NEEDS = {
    "factors.test.mjs": pools.of_every_factor,
    "identity.test.mjs": pools.of_every_factor,
    "modes.test.mjs": chats.of_every_mode,
}


def test_there_are_suites() -> None:
    names = ("auth", "factors", "graphql", "identity", "modes", "storage")
    assert [f"{name}.test.mjs" for name in names] == SUITES


@pytest.mark.node
@pytest.mark.parametrize("suite", SUITES)
def test_the_unmodified_library_works(emulator: Running, node: Path, suite: str) -> None:
    needed: dict[str, Any] = NEEDS[suite](emulator) if suite in NEEDS else {}
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("HABITR_", "AWS_"))}
    done = subprocess.run(
        ["node", "--test", "--test-force-exit", "--test-reporter=spec", suite],  # the library keeps timers
        cwd=node,
        env=environment
        | {
            "HABITR_CONFIG": json.dumps(emulator.config | needed),
            "NODE_EXTRA_CA_CERTS": str(emulator.ca_file),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
