"""The layers of a project (``backend/function/<layer>``): folders that its functions share.

https://docs.amplify.aws/gen1/javascript/build-a-backend/functions/layers/
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from habitr_emulator.amplify.listing import Resource, depends_on
from habitr_emulator.amplify.reading import Reading

SERVICE = "LambdaLayer"


def outputs(reading: Reading, resource: Resource, name: str) -> Any:
    """What other stacks learn of a layer: the ARN of its version."""
    arn = reading.place.arn("lambda", f"layer:{resource.name}-{reading.place.environment}:1")
    return arn if name == "Arn" else None


def roots(reading: Reading, resource: Resource) -> tuple[Path, ...]:
    """The folders that stand for ``/opt`` in the function ``resource``, the last layer first: ``lib`` with what is
    for runtimes, ``opt`` with the rest.
    """
    found = [folder for layer in _layers(reading, resource) for folder in (layer / "lib", layer / "opt")]
    return tuple(folder for folder in reversed(found) if folder.is_dir())


def _layers(reading: Reading, resource: Resource) -> Iterator[Path]:
    own = {each.name: each for each in reading.of("function", SERVICE)}
    for dependency in depends_on(resource.entry):
        layer = own.get(str(dependency.get("resourceName")))
        if layer is not None:
            yield reading.folder(layer)
