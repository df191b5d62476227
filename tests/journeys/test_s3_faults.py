"""S3 when things break: the process is killed, the disk is full, clients hang up, objects exceed memory."""

import hashlib
import itertools
import os
import resource
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from tests.journeys.conftest import PATIENCE, Running
from tests.journeys.people import new_name

Start = Callable[..., Running]
MIB = 1024 * 1024
#: How many writes of each kind are acknowledged before the emulator is killed.
ENOUGH = 6
PART = 5 * MIB


def content(name: str, size: int) -> bytes:
    return hashlib.sha256(name.encode()).digest() * (size // 32)


class Uploads:
    """Clients that write without pause until the emulator is gone. ``kept`` is what was acknowledged for a key,
    ``begun`` what was on its way when it was killed: a key may have either then, and nothing else.
    """

    def __init__(self, running: Running) -> None:
        self.running, self.bucket = running, "uploads"
        running.client("s3").create_bucket(Bucket=self.bucket)
        self.kept: dict[str, str | None] = {}
        self.begun: dict[str, str | None] = {}
        self.counts = dict.fromkeys(("fresh", "again", "removed", "parts"), 0)
        self._threads = [
            threading.Thread(target=self._until_gone, args=(work,), daemon=True)
            for work in (self._fresh, self._again, self._removed, self._parts)
        ]

    def run(self) -> None:
        for thread in self._threads:
            thread.start()
        wait = threading.Event()
        while not all(count >= ENOUGH for count in self.counts.values()):
            assert any(thread.is_alive() for thread in self._threads)
            wait.wait(0.005)
        self.running.process.kill()
        self.running.process.wait(PATIENCE)
        for thread in self._threads:
            thread.join(PATIENCE)

    def _until_gone(self, work: Callable[[Any, int], None]) -> None:
        client = self.running.client("s3")
        try:
            for count in itertools.count():
                work(client, count)
        except (BotoCoreError, ClientError, OSError, ValueError):
            return

    def _write(self, kind: str, key: str, name: str | None, work: Callable[[], Any]) -> None:
        self.begun[key] = name
        work()
        self.kept[key] = name
        del self.begun[key]
        self.counts[kind] += 1

    def _fresh(self, client: Any, count: int) -> None:
        key = f"fresh/{count}"
        body = content(key, MIB)
        self._write("fresh", key, key, lambda: client.put_object(Bucket=self.bucket, Key=key, Body=body))

    def _again(self, client: Any, count: int) -> None:
        name = f"again/{count}"
        body = content(name, MIB)
        self._write("again", "again", name, lambda: client.put_object(Bucket=self.bucket, Key="again", Body=body))

    def _removed(self, client: Any, count: int) -> None:
        name = f"removed/{count}"
        where = {"Bucket": self.bucket, "Key": "removed"}
        self._write("removed", "removed", name, lambda: client.put_object(**where, Body=content(name, 65_536)))
        self._write("removed", "removed", None, lambda: client.delete_object(**where))

    def _parts(self, client: Any, count: int) -> None:
        where = {"Bucket": self.bucket, "Key": f"parts/{count % 3}"}
        name = f"parts/{count}"
        body = content(name, PART + MIB)
        upload = where | {"UploadId": client.create_multipart_upload(**where)["UploadId"]}
        parts = [
            {"PartNumber": number, "ETag": client.upload_part(**upload, PartNumber=number, Body=piece)["ETag"]}
            for number, piece in ((1, body[:PART]), (2, body[PART:]))
        ]
        done = {"MultipartUpload": {"Parts": parts}}
        self._write("parts", where["Key"], name, lambda: client.complete_multipart_upload(**upload, **done))


SIZES = {"fresh": MIB, "again": MIB, "removed": 65_536, "parts": PART + MIB}


def test_a_kill_during_uploads_loses_no_acknowledged_byte(start_emulator: Start, tmp_path: Path) -> None:
    folder = tmp_path / "state"
    written = Uploads(start_emulator("--data-dir", str(folder), "--port", "0"))
    written.run()
    running = start_emulator("--data-dir", str(folder), "--port", "0")
    s3 = running.client("s3")
    found = {each["Key"]: each for each in s3.list_objects_v2(Bucket=written.bucket).get("Contents", [])}
    assert found.keys() <= written.kept.keys() | written.begun.keys()
    for key in written.kept.keys() | written.begun.keys():
        allowed = {each[key] for each in (written.kept, written.begun) if key in each}
        if key not in written.kept:
            allowed.add(None)
        if key not in found:
            assert None in allowed, key
            continue
        got = s3.get_object(Bucket=written.bucket, Key=key)["Body"].read()
        size = SIZES[key.partition("/")[0]]
        assert hashlib.sha256(got).digest() in {
            hashlib.sha256(content(name, size)).digest() for name in allowed if name is not None
        }, key
    wait_until(lambda: not list((folder / "incoming").iterdir()))


def wait_until(condition: Callable[[], bool]) -> None:
    wait = threading.Event()
    for _ in range(PATIENCE * 50):
        if condition():
            return
        wait.wait(0.02)
    raise AssertionError("it did not come about")


def test_a_full_disk_answers_an_error_and_keeps_what_was_there(start_emulator: Start, tmp_path: Path) -> None:
    """No file of the emulator may grow beyond a limit: what the system says then is said to the client."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (24 * MIB, before[1]))
    try:
        running = start_emulator("--data-dir", str(tmp_path / "state"), "--port", "0")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    s3, where = running.client("s3"), {"Bucket": running.config["bucket"], "Key": "k"}
    s3.put_object(**where, Body=b"kept")
    with pytest.raises(ClientError) as refused:
        s3.put_object(**where, Body=bytes(32 * MIB))
    answer = refused.value.response
    assert (answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Code"]) == (500, "InternalError")
    assert "could not be written to disk" in answer["ResponseMetadata"]["HTTPHeaders"]["x-habitr-why"]
    assert list((tmp_path / "state" / "incoming").iterdir()) == []  # its room is free again at once
    assert s3.get_object(**where)["Body"].read() == b"kept"
    s3.put_object(**where, Body=b"and on it goes")
    assert s3.get_object(**where)["Body"].read() == b"and on it goes"


def test_a_client_that_hangs_up_leaves_nothing(emulator: Running) -> None:
    key, bucket = new_name("cut"), emulator.config["bucket"]
    s3 = emulator.client("s3")
    target = s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": key})
    parts = urlsplit(target)
    for _ in range(3):
        with socket.create_connection(("127.0.0.1", parts.port or 0), timeout=PATIENCE) as connection:
            head = f"PUT {parts.path}?{parts.query} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
            connection.sendall(f"{head}Content-Length: 9000000\r\n\r\n".encode() + bytes(500_000))
    s3.put_object(Bucket=bucket, Key=f"{key}-after", Body=b"x")
    shown = s3.list_objects_v2(Bucket=bucket, Prefix=key)["Contents"]
    assert [each["Key"] for each in shown] == [f"{key}-after"]


def memory(running: Running) -> float:
    """The most memory that the emulator has had, in MiB."""
    status = Path(f"/proc/{running.process.pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="memory is read from /proc")
def test_large_objects_pass_in_constant_memory(start_emulator: Start, tmp_path: Path) -> None:
    size = 96 * MIB
    running = start_emulator("--data-dir", str(tmp_path / "state"), "--port", "0")
    s3, where = running.client("s3"), {"Bucket": running.config["bucket"], "Key": "large"}
    s3.put_object(**where, Body=bytes(MIB))
    s3.get_object(**where)["Body"].read()
    before = memory(running)
    with (tmp_path / "large").open("wb+") as file:
        file.truncate(size)
        s3.put_object(**where, Body=file)
    got = hashlib.md5()
    for piece in s3.get_object(**where)["Body"].iter_chunks(MIB):
        got.update(piece)
    assert s3.head_object(**where)["ETag"] == f'"{got.hexdigest()}"'
    assert memory(running) - before < 24
