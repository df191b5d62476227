"""S3 through the AWS CLI and curl, as people use it in a shell."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journeys.conftest import PATIENCE, Running, missing
from tests.journeys.people import new_name

Shell = Callable[..., str]
#: Above the CLI's threshold, so that it goes up in parts and comes down in ranges.
LARGE = 9 * 1024 * 1024


@pytest.fixture
def aws(emulator: Running, tmp_path: Path) -> Shell:
    command = Path(sys.executable).parent / "aws"
    if not command.exists():
        missing("the AWS CLI")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "AWS_ENDPOINT_URL": emulator.endpoint,
        "AWS_ACCESS_KEY_ID": emulator.config["access_key_id"],
        "AWS_SECRET_ACCESS_KEY": emulator.config["secret_access_key"],
        "AWS_DEFAULT_REGION": emulator.config["region"],
    }

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, str(command), *arguments],
            env=environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE * 2,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_folder_is_synchronized_there_and_back(aws: Shell, tmp_path: Path) -> None:
    bucket, here, back = new_name("cli").lower(), tmp_path / "here", tmp_path / "back"
    (here / "deep" / "er").mkdir(parents=True)
    (here / "a b+c.txt").write_text("one")
    (here / "deep" / "er" / "ü.txt").write_text("two")
    (here / "large.bin").write_bytes(os.urandom(LARGE))
    aws("s3", "mb", f"s3://{bucket}")
    aws("s3", "sync", str(here), f"s3://{bucket}/top")
    assert "upload" not in aws("s3", "sync", str(here), f"s3://{bucket}/top")
    (here / "a b+c.txt").unlink()
    assert aws("s3", "sync", str(here), f"s3://{bucket}/top", "--delete").count("delete:") == 1
    aws("s3", "sync", f"s3://{bucket}/top", str(back))
    assert tree(back) == tree(here)
    assert "PRE deep/" in aws("s3", "ls", f"s3://{bucket}/top/")
    aws("s3", "mv", f"s3://{bucket}/top/large.bin", f"s3://{bucket}/moved.bin")
    aws("s3", "cp", f"s3://{bucket}/moved.bin", str(tmp_path / "moved.bin"))
    assert (tmp_path / "moved.bin").read_bytes() == (here / "large.bin").read_bytes()
    aws("s3", "rm", f"s3://{bucket}", "--recursive")
    assert aws("s3", "ls", f"s3://{bucket}", "--recursive") == ""
    aws("s3", "rb", f"s3://{bucket}")


def test_curl_reads_a_presigned_url_and_a_part_of_it(aws: Shell, emulator: Running, tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        missing("curl")
    source = tmp_path / "file.txt"
    source.write_text("0123456789")
    where = f"s3://{emulator.config['bucket']}/{new_name('curl')}.txt"
    aws("s3", "cp", str(source), where)
    url = aws("s3", "presign", where, "--expires-in", "60").strip()

    def curl(*arguments: str) -> str:
        return subprocess.run(
            ["curl", "-sS", "-g", *arguments], capture_output=True, text=True, timeout=PATIENCE, check=True
        ).stdout

    assert curl(url) == "0123456789"
    assert curl("-H", "Range: bytes=2-4", url) == "234"
    assert "<Code>SignatureDoesNotMatch</Code>" in curl(
        url.replace("Expires=60", "Expires=600").replace("Expires=1", "Expires=2")
    )
