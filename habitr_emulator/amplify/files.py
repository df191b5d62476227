"""Reading a project's files: JSON with the place of a mistake."""

import json
from pathlib import Path
from typing import Any

from habitr_emulator.kernel.errors import ProjectError


def read_json(path: Path, default: Any = None) -> Any:
    """The file's JSON; ``default`` if there is no such file. Raises ProjectError with line and column."""
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        return default
    except json.JSONDecodeError as error:
        raise ProjectError(error.msg, file=str(path), line=error.lineno, column=error.colno) from error
    except (OSError, ValueError) as error:
        raise ProjectError(str(error), file=str(path)) from error


def require_json(path: Path) -> Any:
    """As ``read_json``, but the file must be there."""
    found = read_json(path, _MISSING)
    if found is _MISSING:
        raise ProjectError("the file is missing", file=str(path))
    return found


def read_text(path: Path) -> str:
    """The file's text. Raises ProjectError."""
    try:
        return path.read_text()
    except (OSError, ValueError) as error:
        raise ProjectError(str(error), file=str(path)) from error


_MISSING = object()
