"""schema: what the transformer makes of an annotated schema; needs no running emulator."""

import json
from pathlib import Path
from typing import Any

import click

from habitr_emulator.cli import PROJECT_INVALID, fail
from habitr_emulator.kernel.errors import ProjectError

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_source = click.argument("schema", type=_FILE, required=False)
_case = click.option("--case", type=_FILE, help="JSON: version, modes, flags, sandbox, resolverConfig.")
_project = click.option(
    "--project", type=click.Path(exists=True, file_okay=False, path_type=Path), help="A project."
)


@click.group(epilog="Example: habitr-emulator schema check")
def command() -> None:
    """The AppSync SDL of an annotated schema, or the exact refusal with file, line and column (exit 4)."""


@command.command(name="print", epilog="Example: habitr-emulator schema print > schema.graphql")
@_source
@_case
@_project
def print_(schema: Path | None, case: Path | None, project: Path | None) -> None:
    """Print the SDL of SCHEMA, of a project, or of Habitr, for code generators."""
    click.echo(_sdl(schema, case, project))


@command.command(epilog="Example: habitr-emulator schema check")
@_source
@_case
@_project
def check(schema: Path | None, case: Path | None, project: Path | None) -> None:
    """Say whether SCHEMA, a project's or Habitr's is accepted."""
    _sdl(schema, case, project)
    click.echo("The schema is accepted.")


def _sdl(schema: Path | None, case: Path | None, project: Path | None) -> str:
    if schema and project:
        raise click.UsageError("give a SCHEMA or --project, not both")
    try:
        return _of_schema(schema, case) if schema else _of_project(project)
    except ProjectError as error:
        fail(str(error), PROJECT_INVALID)
        raise


def _of_schema(schema: Path, case: Path | None) -> str:
    from habitr_emulator.amplify.transform.transformer import schema_sdl

    return schema_sdl(schema, _case_of(case) if case else {})


def _of_project(project: Path | None) -> str:
    from habitr_emulator.amplify.project import load
    from habitr_emulator.emulator import builtin_project

    sources = load(project or builtin_project()).api_sources
    if not sources:
        raise ProjectError("the project has no GraphQL API")
    return "\n".join(source.graphql_api.sdl for source in sources)


def _case_of(path: Path) -> dict[str, Any]:
    """A case file; ``flags`` may name a file ``flags/<name>.json`` in a folder above it."""
    try:
        case: dict[str, Any] = json.loads(path.read_text())
        flags = case.get("flags") or {}
        if isinstance(flags, str):
            flags = json.loads(_flags_file(path, flags).read_text())
        flags = flags.get("features", {}).get("graphqltransformer", flags)
        return {**case, "flags": {**flags, **case.get("overrides", {})}}
    except (ValueError, AttributeError) as error:
        raise click.UsageError(f"{path} is no case file: {error}") from None


def _flags_file(path: Path, name: str) -> Path:
    for folder in path.resolve().parents:
        candidate = folder / "flags" / f"{Path(name).name}.json"
        if candidate.is_file():
            return candidate
    raise click.UsageError(f"{path} names feature flags that lie in no folder above it: {name}")
