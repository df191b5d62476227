"""Go functions that come as sources: built with the user's ``go``, once for each content.

Modules must be vendored or in the module cache: nothing is downloaded.
https://docs.aws.amazon.com/lambda/latest/dg/golang-package.html
"""

import asyncio
import os
import shutil
import tempfile
from base64 import b64decode
from pathlib import Path

from habitr_emulator.services.lambda_ import code

BUILD_SECONDS = 300.0
_OFFLINE = {"CGO_ENABLED": "0", "GOPROXY": "off", "GOSUMDB": "off", "GOTOOLCHAIN": "local", "GOFLAGS": "-mod=mod"}
_TOLD = 2_000


def has_sources(folder: Path) -> bool:
    """Whether there are Go files to build."""
    return any(path.suffix == ".go" and not path.name.endswith("_test.go") for path in folder.glob("*.go"))


def go() -> str | None:
    """The user's ``go``."""
    return shutil.which("go")


async def program(folder: Path, built: Path) -> Path:
    """The program of ``folder``, built into ``built`` if its sources are new; raises OSError with the compiler's
    words.
    """
    digest = await asyncio.to_thread(code.describe_folder, folder)
    target = built / f"go-{b64decode(str(digest['CodeSha256'])).hex()}"
    if target.is_file():
        return target
    compiler = go()
    if compiler is None:
        raise FileNotFoundError(
            f"{folder} has Go sources but no program, and there is no go on the PATH to build it:"
            " install Go, or put the built program there as bootstrap"
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix="unpacking-") as aside:
        await _build(compiler, folder, Path(aside) / "bootstrap")
        (Path(aside) / "bootstrap").rename(target)
    return target


async def _build(compiler: str, folder: Path, target: Path) -> None:
    vendored = {"GOFLAGS": "-mod=vendor"} if (folder / "vendor").is_dir() else {}
    modules = {} if (folder / "go.mod").is_file() else {"GO111MODULE": "off"}
    environment = {**os.environ, **_OFFLINE, **vendored, **modules}
    process = await asyncio.create_subprocess_exec(
        compiler,
        *("build", "-trimpath", "-o", str(target), "."),
        cwd=folder,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(BUILD_SECONDS):
            output, _ = await process.communicate()
    except (TimeoutError, asyncio.CancelledError):
        process.kill()
        await process.wait()
        raise
    if process.returncode != 0:
        words = output.decode(errors="replace").strip()[-_TOLD:]
        hint = (
            " (nothing is downloaded: run `go mod download` or `go mod vendor` there)" if "module" in words else ""
        )
        raise OSError(f"go build failed in {folder}{hint}: {words}")
