"""What ``config`` writes: one file per format, each a function of ``Facts``."""

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from habitr_emulator.amplify.backend import Backend

#: Format -> the file that its client reads.
FORMATS = {
    "amplify": "amplifyconfiguration.json",
    "outputs": "amplify_outputs.json",
    "js": "aws-exports.js",
    "dart": "amplifyconfiguration.dart",
    "env": ".env",
    "profile": "~/.aws/config",
}
TARGETS = ("web", "ios", "android", "desktop")
HOSTS = ("local", "aws")


def render(name: str, backend: "Backend", config: Mapping[str, Any], target: str, hosts: str) -> str:
    """The text of one format. Raises ValueError for a format, target or host that is none of the above."""
    from habitr_emulator.amplify.client_formats.facts import facts

    for what, value, known in (
        ("format", name, tuple(FORMATS)),
        ("target", target, TARGETS),
        ("hosts", hosts, HOSTS),
    ):
        if value not in known:
            raise ValueError(f"{what} is one of {', '.join(known)}, not {value}")
    text: str = import_module(f"{__name__}.{name}").render(facts(backend, config, target, hosts))
    return text
