"""How version 1 makes names: plurals by an added ``s``, and types that keep the first letter as written."""

from habitr_emulator.amplify.transform import names
from habitr_emulator.amplify.transform.flags import Flags
from habitr_emulator.amplify.transform.subscriptions import Namer


def operation(flags: Flags) -> Namer:
    """Names operations; ``improvepluralization`` brings real plurals."""
    return names.operation if flags.improvepluralization else _appended


def _appended(verb: str, type_name: str) -> str:
    plural = "s" if verb in ("list", "sync", "search") else ""
    return verb + names.upper(type_name) + plural


def subscription(verb: str, type_name: str) -> str:
    """``onCreateHabit``, however long."""
    return verb + names.upper(type_name)


def connection(type_name: str) -> str:
    """The type of a page of models."""
    return f"Model{type_name}Connection"


def filter_input(type_name: str) -> str:
    """The type of list filters."""
    return f"Model{type_name}FilterInput"


def condition_input(type_name: str) -> str:
    """The type of mutation conditions."""
    return f"Model{type_name}ConditionInput"
