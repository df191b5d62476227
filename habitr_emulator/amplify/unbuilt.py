"""Functions that cannot run as they lie there: not compiled, not installed, or there is no program for them."""

import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from habitr_emulator.amplify.notes import Note
from habitr_emulator.services.lambda_.spec import Function

_ENDINGS = (".js", ".mjs", ".cjs")


def unbuilt(functions: Sequence[Function]) -> Iterator[Note]:
    """What is missing, and the command that makes it."""
    for function in functions:
        where = f"function/{function.function_name}"
        if function.runtime.startswith("nodejs"):
            yield from _node(where, function)
        elif function.runtime.startswith("python"):
            yield from _python(where, function)
        elif (
            function.runtime.startswith("go") and not (function.code / "main").exists() and not shutil.which("go")
        ):
            yield Note(where, "is not compiled, and go is not installed here: install Go, or build main")


def _node(where: str, function: Function) -> Iterator[Note]:
    if not shutil.which("node"):
        yield Note(where, f"cannot run: there is no node here, its runtime is {function.runtime}; install Node.js")
    file = function.handler.rpartition(".")[0]
    if not any((function.code / f"{file}{ending}").is_file() for ending in _ENDINGS):
        typescript = any(function.code.parent.glob(f"**/{Path(file).name}.ts"))
        todo = "compile its TypeScript" if typescript else "check Handler"
        yield Note(where, f"has no {file}.js in {function.code}: {todo}")
    package = function.code / "package.json"
    if package.is_file() and _dependencies(package) and not (function.code / "node_modules").is_dir():
        yield Note(where, f"its packages are not installed: npm install in {function.code}")


def _python(where: str, function: Function) -> Iterator[Note]:
    file = function.handler.rpartition(".")[0].replace(".", "/")
    if not ((function.code / f"{file}.py").is_file() or (function.code / file / "__init__.py").is_file()):
        yield Note(where, f"has no {file}.py in {function.code}: check Handler")


def _dependencies(package: Path) -> bool:
    try:
        return bool(json.loads(package.read_text()).get("dependencies"))
    except (OSError, ValueError, AttributeError):
        return False
