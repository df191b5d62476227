"""A browser whose proxy is the emulator, and an app with its production configuration."""

import json
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.browser import chromium
from tests.journeys.conftest import PATIENCE, Running
from tests.journeys.people import PASSWORD, sign_up
from tests.journeys.site import serving


def exports_of(emulator: Running) -> dict[str, Any]:
    """``aws-exports.js`` with AWS's own hosts."""
    asked = f"{emulator.endpoint}/_habitr/config?format=js&hosts=aws"
    with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:
        text = answer.read().decode()
    found: dict[str, Any] = json.loads(text[text.index("{") : text.rindex("}") + 1])
    return found


@pytest.mark.node
@pytest.mark.timeout(240)
def test_an_app_with_production_hosts_signs_in_subscribes_queries_and_uploads_through_the_proxy(
    emulator: Running, node: Path, tmp_path: Path
) -> None:
    name, exports = sign_up(emulator, "door"), exports_of(emulator)
    assert "localhost" not in json.dumps(exports)
    with serving(node, tmp_path, "door.mjs") as site, chromium(emulator) as browser:
        site.configure({"awsExports": exports, "username": name, "password": PASSWORD})
        browser.open(site.address)
        said = browser.shows("Done ", site.address)
    assert json.loads(said.removeprefix("Done ")) == {
        "user": name,
        "heard": f"walk {name}",
        "stored": "cheese",
        "signed": "cheese",
        "host": f"{emulator.config['bucket']}.s3.us-east-1.amazonaws.com",
    }
