"""Seed, reset, snapshots, export and import, as verbs and over HTTP."""

import json
import shutil
import tarfile
import threading
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.conftest import Running, start, stop
from tests.journeys.people import api_key, fetch, graphql, new_name
from tests.journeys.test_cli import command, project
from tests.journeys.test_projects import eventually

TAGLINES = "{ listHabits(limit: 1000) { items { tagline } } }"
SEED = """
users:
  - {username: zoe, password: Zoe-zoe-1, groups: [walkers]}
files:
  - {as: zoe, level: private, key: notes/a b.txt, text: hello}
  - {key: shared.txt, path: shared.txt}
rows:
  - {as: zoe, create: Habit, input: {id: seeded-1, tagline: "In ${region}", category: Health}}
  - {create: Comment, input: {habitId: seeded-1, comment: without an id}}
"""


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = start(tmp_path_factory.mktemp("seeded"), "--port", "0")
    yield running
    assert stop(running) == 0


@pytest.fixture
def fresh(seeded: Running) -> Running:
    """The seeded emulator, as it began."""
    assert post(seeded, "reset") == (200, {"reset": True})
    return seeded


def post(running: Running, path: str, body: bytes = b"") -> tuple[int, Any]:
    return fetch(urllib.request.Request(f"{running.endpoint}/_habitr/{path}", body, method="POST"))


def habitr(running: Running, folder: Path, *words: str, code: int = 0) -> str:
    done = command(folder, *words, "--endpoint", running.endpoint)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stderr if code else done.stdout


def taglines(running: Running) -> list[str]:
    _, answer = graphql(running, TAGLINES, {}, api_key(running))
    return sorted(item["tagline"] for item in answer["data"]["listHabits"]["items"])


def names(running: Running) -> set[str]:
    return {user["username"] for user in running.get("/_habitr/user")["users"]}


def test_the_first_query_shows_something(fresh: Running) -> None:
    _, answer = graphql(
        fresh,
        "{ listHabits { items { tagline ups downs owner author { avatar { key cognitoId accessLevel } } "
        "comments { items { comment } } } } }",
        {},
        api_key(fresh),
    )
    habits = answer["data"]["listHabits"]["items"]
    assert len(habits) == 4
    assert sum(habit["ups"] for habit in habits) > 4
    assert any(habit["comments"]["items"] for habit in habits)
    picture = habits[0]["author"]["avatar"]
    key = f"{picture['accessLevel']}/{picture['cognitoId']}/{picture['key']}"
    drawn = fresh.client("s3").get_object(Bucket=fresh.config["bucket"], Key=key)
    assert drawn["ContentType"] == "image/svg+xml"
    assert drawn["Body"].read().startswith(b"<svg")
    assert fresh.get("/_habitr/inbox") == {"messages": []}


def test_a_seed_file_is_played_once_in_its_order(fresh: Running, tmp_path: Path) -> None:
    (tmp_path / "more.yaml").write_text(SEED)
    (tmp_path / "shared.txt").write_text("from a file")
    assert habitr(fresh, tmp_path, "seed", "more.yaml") == "Seeded: 5 users, files and rows\n"
    (tmp_path / "more.yaml").write_text(
        SEED + "  - {as: zoe, create: Comment, input: {habitId: seeded-1, comment: more}}\n"
    )
    again = habitr(fresh, tmp_path, "seed", "more.yaml")
    assert again == "Seeded: 1 users, files and rows; 5 were there already\n"
    told = habitr(fresh, tmp_path, "seed", "more.yaml", "--json")
    assert json.loads(told) == {"new": 0, "total": 6}
    assert taglines(fresh).count("In us-east-1") == 1
    _, answer = graphql(
        fresh, '{ getHabit(id: "seeded-1") { owner comments { items { comment } } } }', {}, api_key(fresh)
    )
    habit = answer["data"]["getHabit"]
    assert habit["owner"] == "zoe"
    assert sorted(item["comment"] for item in habit["comments"]["items"]) == ["more", "without an id"]
    (zoe,) = fresh.get("/_habitr/user/zoe")["users"]
    assert zoe["groups"] == ["walkers"]
    bucket, s3 = fresh.config["bucket"], fresh.client("s3")
    keys = {item["Key"] for item in s3.list_objects_v2(Bucket=bucket)["Contents"]}
    (notes,) = [key for key in keys if key.startswith("private/")]
    assert notes.endswith("/notes/a b.txt")
    assert s3.get_object(Bucket=bucket, Key="public/shared.txt")["Body"].read() == b"from a file"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("users: [{username: a, pasword: b}]", "users, entry 1: there is no such name: pasword"),
        ("rows: [{as: a}]", "rows, entry 1: give one of create, update and query"),
        ("files: [{key: a, text: b, level: secret}]", "files, entry 1: level is one of"),
        ("files: [{key: a, path: ../../etc/passwd}]", "names files of its own folder only"),
        ("rows: [{create: Nothing, input: {}}]", "rows, entry 1: "),
        ("people: []", "a seed has the sections users, files and rows"),
        ("users: [", "more.yaml"),
        ("rows: [{as: nobody, query: '{ a }'}]", "more.yaml: rows, entry 1: User does not exist."),
    ],
)
def test_a_seed_that_cannot_be_played_is_told_with_its_entry(
    fresh: Running, tmp_path: Path, text: str, told: str
) -> None:
    (tmp_path / "more.yaml").write_text(text)
    assert told in habitr(fresh, tmp_path, "seed", "more.yaml", code=1)


def test_a_row_is_written_as_somebody_whose_password_is_in_no_seed(fresh: Running, tmp_path: Path) -> None:
    post(fresh, "user", b'{"username": "yan", "password": "Only-yan-1"}')
    (tmp_path / "more.yaml").write_text(
        "rows: [{as: yan, create: Habit, input: {id: of-yan, tagline: Read, category: Health}}]"
    )
    assert habitr(fresh, tmp_path, "seed", "more.yaml") == "Seeded: 1 users, files and rows\n"
    (tmp_path / "changed.yaml").write_text(
        "users: [{username: yan, password: Forgotten-1}]\nrows: [{as: yan, update: Habit, input: {id: of-yan}}]"
    )
    assert "1 were there already" in habitr(fresh, tmp_path, "seed", "changed.yaml")
    _, answer = graphql(fresh, '{ getHabit(id: "of-yan") { owner } }', {}, api_key(fresh))
    assert answer["data"]["getHabit"] == {"owner": "yan"}


def test_the_projects_own_seed_is_played_where_none_is_given(fresh: Running, tmp_path: Path) -> None:
    status, told = post(fresh, "seed")
    assert (status, told["new"], told["done"]) == (200, 0, told["total"])
    assert told["total"] > 4
    post(fresh, "reset?empty")
    assert habitr(fresh, tmp_path, "seed") == f"Seeded: {told['total']} users, files and rows\n"
    assert len(taglines(fresh)) == 4


def test_a_seed_that_is_broken_off_is_no_success(tmp_path: Path) -> None:
    class Broken(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.send_response(200)
            self.send_header("transfer-encoding", "chunked")
            self.end_headers()
            line = b'{"done": 1, "total": 2, "step": "users, entry 1"}\n'
            self.wfile.write(b"%x\r\n%s\r\n" % (len(line), line))
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Broken) as server:
        answering = threading.Thread(target=server.handle_request)
        answering.start()
        done = command(tmp_path, "seed", "--endpoint", f"http://127.0.0.1:{server.server_port}")
        answering.join()
    assert (done.returncode, done.stdout) == (1, "")
    assert "broke the seed off" in done.stderr


def test_a_random_habitr_is_the_same_for_the_same_number(fresh: Running, tmp_path: Path) -> None:
    habitr(fresh, tmp_path, "seed", "--random", "10", "--rng", "7")
    first = taglines(fresh)
    assert len(first) == 14
    habitr(fresh, tmp_path, "reset")
    assert len(taglines(fresh)) == 4
    habitr(fresh, tmp_path, "seed", "--random", "10", "--rng", "7")
    assert taglines(fresh) == first


def test_reset_goes_back_to_the_seed_or_to_nothing(fresh: Running, tmp_path: Path) -> None:
    before = (names(fresh), taglines(fresh))
    post(fresh, "user", json.dumps({"username": new_name("u")}).encode())
    post(fresh, "fault", b'{"kind": "error", "service": "dynamodb"}')
    assert names(fresh) != before[0]
    assert "its seed" in habitr(fresh, tmp_path, "reset")
    assert (names(fresh), taglines(fresh)) == before
    assert fresh.get("/_habitr/fault") == {"faults": []}
    habitr(fresh, tmp_path, "reset", "--empty")
    assert (names(fresh), taglines(fresh)) == (set(), [])


def test_a_snapshot_is_saved_listed_and_loaded(fresh: Running, tmp_path: Path) -> None:
    fresh.client("s3").put_object(Bucket=fresh.config["bucket"], Key="public/kept", Body=b"kept")
    assert post(fresh, "snapshot/save?name=first") == (200, {"snapshots": ["first"]})
    assert fresh.get("/_habitr/snapshot")["snapshots"] == ["first"]
    post(fresh, "reset?empty")
    assert post(fresh, "snapshot/load?name=first")[0] == 200
    assert len(taglines(fresh)) == 4
    kept = fresh.client("s3").get_object(Bucket=fresh.config["bucket"], Key="public/kept")
    assert kept["Body"].read() == b"kept"
    status, answer = post(fresh, "snapshot/load?name=second")
    assert (status, answer["message"]) == (400, "there is no snapshot of this name: second; there are: first")
    assert json.loads(habitr(fresh, tmp_path, "snapshot", "save", "first", "--json")) == ["first"]
    assert json.loads(habitr(fresh, tmp_path, "snapshot", "load", "first", "--json")) == ["first"]
    assert json.loads(habitr(fresh, tmp_path, "reset", "--json")) == {"reset": True}
    assert post(fresh, "snapshot/save?name=../x")[0] == 400
    assert post(fresh, "snapshot/save?name=started")[0] == 400


def test_an_export_is_readable_and_comes_back_whole(
    fresh: Running, tmp_path: Path, start_emulator: Callable[..., Running]
) -> None:
    fresh.client("s3").put_object(Bucket=fresh.config["bucket"], Key="public/../strange", Body=b"body")
    habitr(fresh, tmp_path, "export", "out")
    out = tmp_path / "out"
    (users,) = (out / "readable" / "users").iterdir()
    assert {user["Username"] for user in json.loads(users.read_text())["Users"]} == names(fresh)
    rows = (out / "readable" / "tables" / f"{fresh.config['tables']['Habit']}.jsonl").read_text().splitlines()
    assert len(rows) == 4
    assert "there already" in habitr(fresh, tmp_path, "export", "out", code=1)
    other = start_emulator("--memory", "--port", "0", "--no-seed")
    assert taglines(other) == []
    habitr(other, tmp_path, "import", "out")
    assert (names(other), taglines(other)) == (names(fresh), taglines(fresh))
    found = other.client("s3").get_object(Bucket=other.config["bucket"], Key="public/../strange")
    assert found["Body"].read() == b"body"
    assert not (tmp_path / "strange").exists()
    assert post(other, "token?user=maya")[0] == 200
    assert not list(tmp_path.glob("*.partial"))


def test_an_import_that_cannot_be_is_told_and_changes_nothing(fresh: Running, tmp_path: Path) -> None:
    habitr(fresh, tmp_path, "export", "out")
    manifest = tmp_path / "out" / "habitr.json"
    good = manifest.read_text()
    for text, told in (
        (good.replace('"format": 1', '"format": 2'), "the export has format 2, this version knows 1"),
        (good.replace("us-east-1", "eu-west-1"), "start with HABITR_REGION=eu-west-1"),
        (good.replace('"habitr"', '"chat"'), "the export is of another project: chat, here it is habitr"),
        ("{}", "this is no export"),
    ):
        manifest.write_text(text)
        assert told in habitr(fresh, tmp_path, "import", "out", code=1)
    manifest.write_text(good)
    (tmp_path / "out" / "state.db").write_bytes(b"no database")
    assert "cannot be used" in habitr(fresh, tmp_path, "import", "out", code=1)
    assert post(fresh, "import", b"no archive")[0] == 400
    assert len(taglines(fresh)) == 4


def test_an_archive_writes_nowhere_but_where_it_may(fresh: Running, tmp_path: Path) -> None:
    body = BytesIO()
    with tarfile.open(fileobj=body, mode="w") as archive:
        for name in ("../escaped", "/tmp/escaped-habitr", "objects/../../escaped"):
            member = tarfile.TarInfo(name)
            member.size = 1
            archive.addfile(member, BytesIO(b"x"))
    assert post(fresh, "import", body.getvalue())[0] == 400
    assert not Path("/tmp/escaped-habitr").exists()
    assert not list(tmp_path.parent.rglob("escaped"))


def test_a_newer_data_folder_is_refused(tmp_path: Path) -> None:
    running = start(tmp_path, "--port", "0", "--no-seed")
    stop(running)
    import sqlite3

    database = sqlite3.connect(tmp_path / ".habitr" / "state.db")
    database.execute("PRAGMA user_version=99")
    database.close()
    done = command(tmp_path, "up", "--port", "0")
    assert done.returncode == 1
    assert "a newer habitr-emulator wrote it (format 99" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_project_brings_its_own_seed(start_emulator: Callable[..., Running], tmp_path: Path) -> None:
    folder = project(tmp_path)
    (folder / "seed").mkdir()
    (folder / "seed" / "one.yaml").write_text("rows: [{create: Habit, input: {tagline: Own, category: Health}}]")
    running = start_emulator("--project", str(folder), "--memory", "--port", "0")
    assert taglines(running) == ["Own"]
    stop(running)
    again = start_emulator("--project", str(folder), "--memory", "--port", "0")  # from the cache
    assert taglines(again) == ["Own"]
    (folder / "seed" / "one.yaml").write_text("rows: [{create: Habit, input: {tagline: Other, category: Health}}]")
    changed = start_emulator("--project", str(folder), "--memory", "--port", "0")
    assert taglines(changed) == ["Other"]
    (folder / "seed" / "two.yaml").write_text("rows: [{create: Habit, input: {tagline: New, category: Health}}]")
    assert habitr(changed, tmp_path, "seed") == "Seeded: 1 users, files and rows; 1 were there already\n"
    assert taglines(changed) == ["New", "Other"]
    (folder / "seed" / "one.yaml").unlink()
    (folder / "seed" / "two.yaml").unlink()
    assert "the project has no seed" in habitr(changed, tmp_path, "seed", code=1)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("files: [{key: a.txt, text: b}]", "files, entry 1 (a.txt): the project has no storage"),
        ("users: [{username: zoe}]", "users, entry 1 (zoe): the project has no user pool"),
    ],
)
def test_a_seed_is_told_what_the_project_lacks(tmp_path: Path, text: str, told: str) -> None:
    folder = project(tmp_path)
    for part in ("storage", "auth"):
        shutil.rmtree(folder / "amplify" / "backend" / part)
    (folder / "seed").mkdir()
    (folder / "seed" / "one.yaml").write_text(text)
    done = command(tmp_path, "up", "--project", str(folder), "--memory", "--port", "0")
    assert done.returncode == 4, done.stdout + done.stderr
    assert told in done.stderr


def test_a_seed_of_the_start_that_cannot_be_played_ends_with_4(tmp_path: Path) -> None:
    folder = project(tmp_path)
    (folder / "seed").mkdir()
    (folder / "seed" / "one.yaml").write_text("rows: [{create: Nothing, input: {}}]")
    done = command(tmp_path, "up", "--project", str(folder), "--memory", "--port", "0")
    assert done.returncode == 4
    assert "the seed cannot be played: " in done.stderr
    assert "--no-seed" in done.stderr
    assert command(tmp_path, "exec", "--project", str(folder), "--no-seed", "--", "true").returncode == 0


def test_what_is_kept_for_the_next_start_has_no_secrets(tmp_path: Path) -> None:
    import sqlite3

    cache = tmp_path / "cache"
    done = command(tmp_path, "exec", "--", "true", XDG_CACHE_HOME=str(cache))
    assert done.returncode == 0, done.stderr
    kept = list(cache.glob("habitr-emulator/seeded/*/*/state.db"))
    assert len(kept) == 2
    for path in kept:
        database = sqlite3.connect(path)
        for table in ("kernel_secrets", "cognito_idp_signing_keys"):
            assert database.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
        database.close()
        assert b"PRIVATE KEY" not in path.read_bytes()
    assert (kept[0].parent.parent.stat().st_mode & 0o077) == 0


def test_what_survives_a_kill_is_the_seed_too(tmp_path: Path) -> None:
    running = start(tmp_path, "--port", "0")
    post(running, "user", b'{"username": "survivor"}')
    running.process.kill()
    running.process.wait(10)
    assert running.process.stdout is not None
    running.process.stdout.close()
    again = start(tmp_path, "--port", "0")
    try:
        assert "survivor" in names(again)
        assert len(taglines(again)) == 4
    finally:
        stop(again)


def test_up_detaches_and_down_ends_it(tmp_path: Path) -> None:
    done = command(tmp_path, "up", "--detach", "--port", "0")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "Ready."
    assert command(tmp_path, "status", "--json").returncode == 0  # found by .habitr/endpoint
    busy = command(tmp_path, "up", "--port", "0")
    assert (busy.returncode, "works in" in busy.stderr) == (1, True)
    endpoint = (tmp_path / ".habitr" / "endpoint").read_text().strip()
    assert (
        f"another emulator (pid {(tmp_path / '.habitr' / 'lock').read_text().strip()}, {endpoint})" in busy.stderr
    )
    assert f"habitr-emulator down --endpoint {endpoint}" in busy.stderr
    assert command(tmp_path, "down").returncode == 0
    assert command(tmp_path, "status").returncode == 1
    taken = command(tmp_path, "up", "--detach", "--port", "0", "--auth", "lax")
    assert taken.returncode == 2


def test_a_detached_emulator_that_keeps_nothing_leaves_no_log(tmp_path: Path) -> None:
    aside = tmp_path / "aside"
    aside.mkdir()
    done = command(tmp_path, "up", "--detach", "--memory", "--port", "0", TMPDIR=str(aside))
    assert done.returncode == 0, done.stderr
    endpoint = next(line.split()[1] for line in done.stdout.splitlines() if line.startswith("  endpoint"))
    assert len(list(aside.glob("habitr-emulator-*.log"))) == 1
    assert command(tmp_path, "down", "--endpoint", endpoint).returncode == 0
    eventually(lambda: not list(aside.glob("habitr-emulator-*.log")))
    bad = command(tmp_path, "up", "--detach", "--memory", "--port", "0", "--project", ".", TMPDIR=str(aside))
    assert bad.returncode == 4
    assert not list(aside.glob("habitr-emulator-*.log"))


def test_a_note_that_a_killed_emulator_left_leads_nobody_astray(tmp_path: Path, seeded: Running) -> None:
    (tmp_path / ".habitr").mkdir()
    (tmp_path / ".habitr" / "endpoint").write_text("http://localhost:1\n")
    port = seeded.endpoint.rpartition(":")[2]
    assert command(tmp_path, "status", HABITR_PORT=port).returncode == 0
