"""The console: a static page that needs nothing from elsewhere."""

import urllib.error
import urllib.request

import pytest
from botocore.exceptions import ClientError

from tests.journeys.browser import chromium
from tests.journeys.conftest import Running
from tests.journeys.people import new_name, sign_up


def fetched(running: Running, path: str) -> tuple[bytes, dict[str, str]]:
    with urllib.request.urlopen(running.endpoint + path) as answer:
        return answer.read(), {name.lower(): value for name, value in answer.headers.items()}


def test_the_page_and_its_files_are_served_with_a_strict_policy(emulator: Running) -> None:
    for path, start in (
        ("/_habitr/console", b"<!doctype html>"),
        ("/_habitr/console/console.js", b"// The console"),
        ("/_habitr/console/console.css", b":root"),
    ):
        body, headers = fetched(emulator, path)
        assert body.startswith(start)
        assert "default-src 'none'" in headers["content-security-policy"]
        assert b"http://" not in body
        assert b"https://" not in body
        assert b"innerHTML" not in body
    for path in (
        "/_habitr/console/../app.py",
        "/_habitr/console/%2e%2e/index.html",
        "/_habitr/console/index.html",
    ):
        with pytest.raises(urllib.error.HTTPError) as refused:
            fetched(emulator, path)
        assert refused.value.code == 404
        refused.value.close()


def test_tables_are_shown_as_plain_json(emulator: Running) -> None:
    table = emulator.config["tables"]["Comment"]
    assert table in emulator.get("/_habitr/tables")["tables"]
    name = new_name("row")
    item = {"id": {"S": name}, "n": {"N": "1.5"}, "l": {"L": [{"BOOL": True}, {"NULL": True}]}, "b": {"B": b"x"}}
    emulator.client("dynamodb").put_item(TableName=table, Item=item)
    found = [each for each in emulator.get(f"/_habitr/tables/{table}?limit=1000")["items"] if each["id"] == name]
    assert found == [{"id": name, "n": 1.5, "l": [True, None], "b": "eA=="}]


def test_a_browser_shows_requests_mail_people_rows_and_time(emulator: Running) -> None:
    name = sign_up(emulator, "shown")
    refused = emulator.client("dynamodb")
    with pytest.raises(ClientError):
        refused.describe_table(TableName="no-such-table")
    page = f"{emulator.endpoint}/_habitr/console"
    with chromium(emulator) as browser:
        browser.open(page)
        browser.shows("dynamodb DescribeTable")
        browser.click("td.refused + td a")
        browser.shows("Copy as curl")
        browser.open(f"{page}#inbox")
        browser.shows(f"{name}@example.com")
        browser.open(f"{page}#users")
        browser.shows(name)
        browser.open(f"{page}#tables/{emulator.config['tables']['User']}")
        browser.shows(name)
        browser.open(f"{page}#clock")
        browser.shows("from real time")
