"""What ``doctor`` looks at, one function a matter."""

import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from habitr_emulator.cli._config import fetch
from habitr_emulator.cli._holder import holder
from habitr_emulator.kernel.clock import Clock

#: Amazon refuses signatures that are older; so does the emulator.
SKEW = 300.0
_TRUST = ("NODE_EXTRA_CA_CERTS", "AWS_CA_BUNDLE")
_CONFIGURATIONS = (
    "amplifyconfiguration.json",
    "amplify_outputs.json",
    "aws-exports.js",
    "amplifyconfiguration.dart",
)
_SKIPPED = {"node_modules", ".git", ".venv", "build", ".dart_tool", "__pycache__", "#current-cloud-backend"}
_DEPTH = 4


@dataclass(frozen=True)
class Diagnosis:
    """One matter: how it is, and what to do."""

    state: Literal["ok", "note", "wrong"]
    about: str
    finding: str
    advice: str = ""


def examine(endpoint: str, project: Path, environment: Mapping[str, str]) -> list[Diagnosis]:
    """Everything, in the order in which it matters."""
    config = fetch(endpoint)
    found = [_port(endpoint, config)]
    found += _variables(endpoint, environment)
    found += _names()
    if config is not None:
        found.append(_trust(config, environment))
        found += _emulator(endpoint)
    found += _configurations(project, endpoint, config)
    return found


def _port(endpoint: str, config: Mapping[str, Any] | None) -> Diagnosis:
    if config is not None:
        what = f"habitr-emulator {config['version']} runs {config['project']} at {endpoint}"
        return Diagnosis("ok", "emulator", what)
    port = urlsplit(endpoint).port or (443 if endpoint.startswith("https") else 80)
    with socket.socket() as probe:
        probe.settimeout(1)
        taken = probe.connect_ex((urlsplit(endpoint).hostname or "localhost", port)) == 0
    if taken:
        who = holder(port) or "another program"
        advice = "end it, or choose another port: habitr-emulator up --port 0"
        return Diagnosis(
            "wrong", "port", f"{port} is taken, and it is not the emulator: {who} listens there", advice
        )
    return Diagnosis("note", "emulator", f"nothing runs at {endpoint}", "start it: habitr-emulator up")


def _variables(endpoint: str, environment: Mapping[str, str]) -> Iterator[Diagnosis]:
    """Variables that lead a client elsewhere."""
    for name in ("AWS_ENDPOINT_URL", "HABITR_ENDPOINT"):
        value = environment.get(name, "").rstrip("/")
        if value and urlsplit(value).port != urlsplit(endpoint).port:
            advice = f'eval "$(habitr-emulator status --endpoint {endpoint} -o env)"'
            yield Diagnosis("wrong", "environment", f"{name} points elsewhere: {value}", advice)
    if environment.get("AWS_PROFILE"):
        told = f"AWS_PROFILE is set: {environment['AWS_PROFILE']}; its keys may win over test / test"
        yield Diagnosis("note", "environment", told, "unset AWS_PROFILE")
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"):
        value = environment.get(name, "")
        spared = environment.get("NO_PROXY", environment.get("no_proxy", ""))
        if value and urlsplit(value).port != urlsplit(endpoint).port and "localhost" not in spared:
            told = f"{name} is set, so that some clients ask it for localhost: {value}"
            yield Diagnosis("note", "environment", told, "export NO_PROXY=localhost,127.0.0.1")


def _names() -> Iterator[Diagnosis]:
    try:
        socket.getaddrinfo("bucket.localhost", 80)
    except OSError:
        told = "this machine does not know *.localhost, which S3 clients ask for (browsers know it)"
        yield Diagnosis("note", "names", told, "add to the hosts file: 127.0.0.1 BUCKET.localhost")


def _trust(config: Mapping[str, Any], environment: Mapping[str, str]) -> Diagnosis:
    trusted: list[str] = []
    strange: list[str] = []
    for name in _TRUST:
        if environment.get(name):
            (trusted if _holds(Path(environment[name]), config["ca_pem"]) else strange).append(name)
    how = "habitr-emulator ca export --write ca.pem, then NODE_EXTRA_CA_CERTS=ca.pem AWS_CA_BUNDLE=ca.pem"
    if strange:
        told = f"not the running emulator's certificate authority: {', '.join(strange)}"
        return Diagnosis("wrong", "certificates", told, how)
    if trusted:
        return Diagnosis("ok", "certificates", f"trusted by {', '.join(trusted)}")
    return Diagnosis(
        "note", "certificates", "no variable trusts the emulator's; https and wss clients need it", how
    )


def _holds(path: Path, pem: str) -> bool:
    try:
        return pem.strip() in path.read_text()
    except (OSError, UnicodeDecodeError):
        return False


def _emulator(endpoint: str) -> Iterator[Diagnosis]:
    """What the emulator itself tells: its time, faults that someone set, what of the project is not run."""
    from habitr_emulator.cli._admin import call

    told = call(endpoint, "GET", "doctor")
    skew = told["real_time"] - Clock().real()
    if abs(skew) > SKEW:
        finding = (
            f"the emulator's machine is {skew:+.0f} s from this one: signatures are refused beyond {SKEW:g} s"
        )
        yield Diagnosis("wrong", "clock", finding, "set the clock of the container or machine")
    elif told["clock_frozen"] or abs(told["clock_offset"]) > 1:
        state = "frozen" if told["clock_frozen"] else f"moved by {told['clock_offset']:+.0f} s"
        yield Diagnosis("note", "clock", f"the emulator's time is {state}", "habitr-emulator clock resume")
    else:
        yield Diagnosis("ok", "clock", "the emulator's time is this machine's")
    if told["faults"]:
        finding = f"failures are set on purpose: {told['faults']}"
        yield Diagnosis("note", "faults", finding, "habitr-emulator fault clear")
    for finding in told["project"]:
        yield Diagnosis("note", "project", finding)


def _configurations(project: Path, endpoint: str, config: Mapping[str, Any] | None) -> Iterator[Diagnosis]:
    """Client configuration files that mean another backend, or AWS."""
    for path in _files(project, _DEPTH):
        try:
            text = path.read_text()
        except (OSError, UnicodeDecodeError):
            continue
        pool = str((config or {}).get("user_pool_id", ""))
        port = urlsplit(endpoint).port
        if config is None:
            continue
        form = {"amplify_outputs.json": "outputs", "aws-exports.js": "js", "amplifyconfiguration.dart": "dart"}
        advice = f"habitr-emulator config {form.get(path.name, 'amplify')} --write {path}"
        if pool and pool not in text:
            yield Diagnosis(
                "wrong", "configuration", f"{path} is of another backend: it has not the pool {pool}", advice
            )
        elif f":{port}" not in text:
            yield Diagnosis("wrong", "configuration", f"{path} points to AWS, not to {endpoint}", advice)
        else:
            yield Diagnosis("ok", "configuration", f"{path} points to this emulator")


def _files(folder: Path, depth: int) -> Iterator[Path]:
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return
    for entry in entries:
        if entry.name in _CONFIGURATIONS and entry.is_file():
            yield entry
        elif depth and entry.is_dir() and not entry.is_symlink() and entry.name not in _SKIPPED:
            yield from _files(entry, depth - 1)
