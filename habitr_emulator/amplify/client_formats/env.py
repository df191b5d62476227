"""Dotenv: the variables of ``status -o env``, for tools that read a ``.env`` file."""

from habitr_emulator.amplify.client_formats.facts import Facts
from habitr_emulator.amplify.variables import variables


def render(facts: Facts) -> str:
    """One line a variable."""
    endpoint = str(facts.config["endpoint"])
    plain = {name: value for name, value in facts.config.items() if isinstance(value, str)}
    values = {name: value.replace(endpoint, facts.address) for name, value in plain.items()}
    return "".join(f"{name}={_quoted(value)}\n" for name, value in variables(values).items())


def _quoted(value: str) -> str:
    return f'"{value}"' if any(each in value for each in " #'$") else value
