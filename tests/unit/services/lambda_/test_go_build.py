"""How Go sources are built: with the user's ``go``, which downloads nothing and calls no C compiler."""

from pathlib import Path

import pytest

from habitr_emulator.services.lambda_.runtimes import go_build


async def test_a_build_downloads_nothing_and_runs_no_c_compiler(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiler = tmp_path / "go"  # builds a program that holds the environment of the build
    compiler.write_text('#!/bin/sh\nwhile [ "$1" != -o ]; do shift; done\nenv > "$2"\n')
    compiler.chmod(0o755)
    monkeypatch.setattr(go_build, "go", lambda: str(compiler))
    monkeypatch.setenv("GOPROXY", "https://proxy.example.com")
    monkeypatch.setenv("CGO_ENABLED", "1")
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "main.go").write_text("package main\n")
    built = await go_build.program(folder, tmp_path / "built")
    environment = built.read_text().splitlines()
    assert {"GOPROXY=off", "GOSUMDB=off", "GOTOOLCHAIN=local", "CGO_ENABLED=0"} <= set(environment)
