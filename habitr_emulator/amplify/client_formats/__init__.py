"""What ``config`` writes: one file per format, each a function of ``Facts``."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from habitr_emulator.amplify.client_formats.facts import Facts

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


def render(name: str, facts: "Facts") -> str:
    """The text of one format. Raises ValueError for a format, target or host that is none of the above."""
    for what, value, known in (
        ("format", name, tuple(FORMATS)),
        ("target", facts.target, TARGETS),
        ("hosts", facts.hosts, HOSTS),
    ):
        if value not in known:
            raise ValueError(f"{what} is one of {', '.join(known)}, not {value}")
    text: str = import_module(f"{__name__}.{name}").render(facts)
    return text
