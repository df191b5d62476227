"""Where a project is, and which resources it lists.

https://docs.amplify.aws/gen1/javascript/tools/cli/reference/files-and-folders/
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from habitr_emulator.amplify.files import read_object
from habitr_emulator.amplify.notes import Notes
from habitr_emulator.amplify.shapes import mapping, text
from habitr_emulator.kernel.errors import ProjectError

#: What ``backend-config.json`` holds beside categories.
_NO_CATEGORY = ("parameters", "providers", "version")
#: The folder's own service, where ``backend-config.json`` is missing and only the files tell.
_CATEGORIES = {"auth": "Cognito", "function": "Lambda", "storage": "S3", "analytics": "Pinpoint", "api": "AppSync"}
_OTHERS = ("custom", "geo", "hosting", "interactions", "notifications", "predictions", "xr")


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource: ``entry`` is its part of ``backend-config.json``."""

    category: str
    name: str
    service: str
    entry: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.category}/{self.name}"

    @property
    def imported(self) -> bool:
        """Whether it was made outside the project (``amplify import``)."""
        return self.entry.get("serviceType") == "imported"


def backend_folder(folder: Path, notes: Notes) -> Path:
    """``amplify/backend`` of a project, given the folder that holds ``amplify``, or that folder itself.

    Raises ProjectError, naming projects that lie deeper.
    """
    for amplify in (folder / "amplify", folder):
        if (amplify / "backend").is_dir():
            return amplify / "backend"
    pushed = folder / "amplify" / "#current-cloud-backend"
    if pushed.is_dir():
        notes.add(str(pushed), "stands in for amplify/backend, which is missing")
        return pushed
    if (folder / "amplify" / "backend.ts").is_file():
        raise ProjectError(
            "this is an Amplify Gen 2 project; habitr-emulator runs Gen 1 projects", file=str(folder)
        )
    deeper = sorted(path.parent.parent for path in folder.glob("*/amplify/backend") if path.is_dir())
    hint = f"; one lies deeper: --project {deeper[0]}" if deeper else ""
    raise ProjectError(
        f"there is no Amplify project: the folder amplify/backend is missing{hint}", file=str(folder)
    )


def resources(backend: Path, notes: Notes) -> tuple[Resource, ...]:
    """Every resource that ``backend-config.json`` lists; without that file, those whose folders are there.

    Raises ProjectError if the file is there and is no JSON object.
    """
    file = backend / "backend-config.json"
    if not file.is_file():
        found = tuple(_by_folders(backend))
        notes.add(str(file), f"is missing; the folders tell of {len(found)} resources")
        return found
    return tuple(_by_config(read_object(file), notes))


def _by_config(listed: Mapping[str, Any], notes: Notes) -> Iterator[Resource]:
    for category, entries in listed.items():
        if category in _NO_CATEGORY:
            continue
        if not isinstance(entries, dict):
            notes.add(category, "is not run: backend-config.json has no object there")
            continue
        for name, entry in entries.items():
            if Path(name).name != name:
                notes.add(f"{category}/{name}", "is not run: the name is a path")
            elif isinstance(entry, dict):
                yield Resource(category, name, text(entry.get("service")), entry)
            else:
                notes.add(f"{category}/{name}", "is not run: backend-config.json has no object there")


def _by_folders(backend: Path) -> Iterator[Resource]:
    for folder in sorted(path for path in backend.glob("*/*") if path.is_dir()):
        category, name = folder.parent.name, folder.name
        if category in _CATEGORIES:
            yield Resource(category, name, _service(folder), {})
        elif category in _OTHERS:
            yield Resource(category, name, "", {})


def _service(folder: Path) -> str:
    """Which of a category's services a folder belongs to."""
    category = folder.parent.name
    if category == "auth" and folder.name == "userPoolGroups":
        return "Cognito-UserPool-Groups"
    if category == "api" and not ((folder / "schema.graphql").is_file() or (folder / "schema").is_dir()):
        return "API Gateway"
    if category == "storage" and _keyed(folder):
        return "DynamoDB"
    layered = (folder / "layer-configuration.json").is_file() or (folder / "layer-parameters.json").is_file()
    return "LambdaLayer" if category == "function" and layered else _CATEGORIES[category]


def _keyed(folder: Path) -> bool:
    try:
        given = {**read_object(folder / "parameters.json"), **read_object(folder / "cli-inputs.json")}
    except ProjectError:
        return False
    return bool({"tableName", "partitionKey", "partitionKeyName"} & given.keys())


def depends_on(entry: Mapping[str, Any]) -> list[dict[str, Any]]:
    """``dependsOn`` of a resource, as objects."""
    listed = entry.get("dependsOn")
    return [mapping(each) for each in listed] if isinstance(listed, list) else []
