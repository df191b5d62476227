"""Damages a project as people, merges and half-finished work do: deterministic for a seed."""

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

ODD: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1e300,
    "",
    "x",
    "{",
    [],
    {},
    [None],
    {"Ref": "Nobody"},
    {"Fn::If": 1},
    ["a"] * 3,
)


def damage(folder: Path, seed: int) -> str:
    """Change one to three things below ``folder``; says what."""
    dice = random.Random(seed)
    done = []
    for _ in range(dice.randint(1, 3)):
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        done.append(dice.choice(_WAYS)(dice, dice.choice(files)) if files else "nothing left")
    return "; ".join(done)


def _remove(_: random.Random, path: Path) -> str:
    path.unlink()
    return f"removed {path.name}"


def _remove_folder(_: random.Random, path: Path) -> str:
    shutil.rmtree(path.parent)
    return f"removed the folder {path.parent.name}"


def _folder_instead(_: random.Random, path: Path) -> str:
    path.unlink()
    path.mkdir()
    return f"{path.name} is a folder"


def _cut(dice: random.Random, path: Path) -> str:
    content = path.read_bytes()
    path.write_bytes(content[: dice.randrange(len(content) + 1)])
    return f"cut {path.name}"


def _garbage(dice: random.Random, path: Path) -> str:
    chosen = dice.choice([b"\xff\xfe\x00", b"null", b"[]", b'"text"', b"<<<<<<< HEAD\n", b"12", b""])
    path.write_bytes(chosen)
    return f"{path.name} is {chosen!r}"


def _edit(dice: random.Random, path: Path) -> str:
    """Change one value somewhere in a JSON file: another type, another name, or gone."""
    try:
        body = json.loads(path.read_bytes())
    except ValueError:
        return _cut(dice, path)
    places = list(_places(body))
    if not places:
        return _garbage(dice, path)
    holder, key = dice.choice(places)
    how = dice.randrange(3)
    if how == 0:
        holder[key] = dice.choice(ODD)
    elif how == 1:
        del holder[key]
    elif isinstance(holder, dict):
        holder[dice.choice(["", "x", "../..", "Fn::Sub", "Ref"])] = holder.pop(key)
    path.write_text(json.dumps(body))
    return f"{path.name}: {key} ({how})"


def _places(value: Any) -> Any:
    if isinstance(value, dict):
        for key in value:
            yield value, key
            yield from _places(value[key])
    elif isinstance(value, list):
        for position in range(len(value)):
            yield value, position
            yield from _places(value[position])


_WAYS: tuple[Callable[[random.Random, Path], str], ...] = (
    _edit, _edit, _edit, _edit, _edit, _cut, _garbage, _remove, _remove_folder, _folder_instead,
)  # fmt: skip
