"""Which Pinpoint applications exist."""

from dataclasses import dataclass


@dataclass(frozen=True)
class App:
    """An application."""

    application_id: str
    name: str
