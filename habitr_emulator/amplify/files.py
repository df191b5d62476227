"""Reading a project's files: JSON and CloudFormation templates, with the place of a mistake."""

import json
from pathlib import Path
from typing import Any

from habitr_emulator.kernel.errors import ProjectError

#: Nothing that a person wrote is larger, in bytes.
LARGEST = 20_000_000
_TEMPLATE_ENDINGS = (".json", ".yaml", ".yml", ".template")


def read_json(path: Path, default: Any = None) -> Any:
    """The file's JSON; ``default`` if there is no such file. Raises ProjectError with line and column."""
    content = _read(path)
    return default if content is None else _json(content, path)


def require_json(path: Path) -> Any:
    """As ``read_json``, but the file must be there."""
    found = read_json(path, _MISSING)
    if found is _MISSING:
        raise ProjectError("the file is missing", file=str(path))
    return found


def read_object(path: Path) -> dict[str, Any]:
    """The file's JSON object; an empty one if there is no such file. Raises ProjectError."""
    found = read_json(path, {})
    if not isinstance(found, dict):
        raise ProjectError("a JSON object is expected", file=str(path), line=1, column=1)
    return found


def read_text(path: Path) -> str:
    """The file's text. Raises ProjectError."""
    content = _read(path)
    if content is None:
        raise ProjectError("the file is missing", file=str(path))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ProjectError(f"the file is not UTF-8: {error.reason}", file=str(path)) from error


def find_template(folder: Path, resource: str) -> Path | None:
    """The CloudFormation template of a resource: under Amplify's own name, else any that lies there."""
    stems = (
        f"{resource}-cloudformation-template",
        "cloudformation-template",
        "template",
        "root-cloudformation-stack",
    )
    for path in (folder / f"{stem}{ending}" for stem in stems for ending in _TEMPLATE_ENDINGS):
        if path.is_file():
            return path
    found = sorted(
        path for path in folder.glob("*template*") if path.suffix in _TEMPLATE_ENDINGS and path.is_file()
    )
    return found[0] if found else None


def read_template(path: Path) -> dict[str, Any]:
    """A CloudFormation template in JSON or YAML. Raises ProjectError with line and column."""
    content = _read(path)
    if content is None:
        raise ProjectError("the file is missing", file=str(path))
    looks_like_json = content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
    if looks_like_json or path.suffix == ".json":
        body = _json(content, path)
    else:
        from habitr_emulator.amplify.yaml_template import parse

        body = parse(content, str(path))
    if not isinstance(body, dict):
        raise ProjectError("a CloudFormation template is expected", file=str(path), line=1, column=1)
    return body


def _read(path: Path) -> bytes | None:
    try:
        if path.stat().st_size > LARGEST:
            raise ProjectError(f"the file is larger than {LARGEST} bytes", file=str(path))
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise ProjectError(getattr(error, "strerror", None) or str(error), file=str(path)) from error


def _json(content: bytes, path: Path) -> Any:
    try:
        return json.loads(content)
    except json.JSONDecodeError as error:
        raise ProjectError(error.msg, file=str(path), line=error.lineno, column=error.colno) from error
    except (ValueError, RecursionError) as error:
        raise ProjectError(str(error), file=str(path)) from error


_MISSING = object()
