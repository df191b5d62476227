"""Which packages a Node function wants that Node would not find: Lambda brings AWS's SDK along, laptops do not."""

import re
from collections.abc import Iterator
from pathlib import Path

from habitr_emulator.amplify.files import read_object, read_text
from habitr_emulator.amplify.shapes import mapping
from habitr_emulator.kernel.errors import ProjectError

_SDK = re.compile(r"""(?:require\(\s*|from\s+|import\s+)["'](aws-sdk|@aws-sdk/[\w.-]+)["'/]""")
_SOURCES = (".js", ".mjs", ".cjs")
#: Files of the function's own folder that are looked at, and how many of them.
_MOST = 50


def absent(source: Path) -> list[str]:
    """The packages that ``package.json`` names, and AWS's SDKs that the code imports, which are not there."""
    wanted = dict.fromkeys((*_declared(source), *_imported(source)))
    return [name for name in wanted if not _found(source, name)]


def _declared(source: Path) -> list[str]:
    try:
        return [name for name in mapping(read_object(source / "package.json").get("dependencies")) if name]
    except ProjectError:
        return []


def _imported(source: Path) -> Iterator[str]:
    for path in sorted(path for path in source.iterdir() if path.suffix in _SOURCES and path.is_file())[:_MOST]:
        try:
            yield from _SDK.findall(read_text(path))
        except ProjectError:
            continue


def _found(source: Path, name: str) -> bool:
    """Node looks in ``node_modules`` of the folder and of every one above."""
    return any((folder / "node_modules" / name).is_dir() for folder in (source, *source.parents))
