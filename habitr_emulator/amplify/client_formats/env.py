"""Dotenv: the variables of ``status -o env``, for tools that read a ``.env`` file."""

from habitr_emulator.amplify.client_formats.facts import Facts

_AWS = {
    "AWS_ENDPOINT_URL": "endpoint",
    "AWS_ACCESS_KEY_ID": "access_key_id",
    "AWS_SECRET_ACCESS_KEY": "secret_access_key",
    "AWS_DEFAULT_REGION": "region",
    "AWS_CA_BUNDLE": "ca_file",
    "NODE_EXTRA_CA_CERTS": "ca_file",
}
_LEFT_OUT = ("access_key_id", "secret_access_key", "ca_file", "ca_pem", "version", "project", "rest_stage")


def render(facts: Facts) -> str:
    """One line a variable."""
    endpoint = str(facts.config["endpoint"])
    plain = {name: value for name, value in facts.config.items() if isinstance(value, str)}
    values = {name: value.replace(endpoint, facts.address) for name, value in plain.items()}
    lines = {variable: values[name] for variable, name in _AWS.items() if name in values}
    lines |= {f"HABITR_{name.upper()}": value for name, value in values.items() if name not in _LEFT_OUT}
    return "".join(f"{name}={_quoted(value)}\n" for name, value in lines.items())


def _quoted(value: str) -> str:
    return f'"{value}"' if any(each in value for each in " #'$") else value
