"""Whether there is what a fault names: one that could never strike is a slip of the pen."""

import pkgutil
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from habitr_emulator.wire import model

_SERVICES = Path(__file__).parent
#: Of these an operation is any word of a path or of a GraphQL document.
_ANY_WORD = ("appsync", "apigateway")
#: What is no operation of a model, and is served.
_ENDPOINTS = {
    "cognitoidp": """hosted_ui well_known jwks openid configuration oauth2 authorize token userInfo revoke
        idpresponse standin login logout signup mfa error changePassword confirmUser resendcode forgotPassword
        confirmForgotPassword""",
    "s3": "post_object",
}


class NoSuchName(ValueError):
    """There is no such service or operation; the sentence says what may be meant."""


def plain(name: str) -> str:
    """A name without its spelling: ``PutItem``, ``put_item`` and ``put-item`` are one."""
    return "".join(letter for letter in name.lower() if letter in "abcdefghijklmnopqrstuvwxyz0123456789")


def check(service: str, operation: str) -> None:
    """Raises NoSuchName for a service, or an operation of a service, that nothing is called by; "" is every."""
    if not service:
        return
    names = _services()
    if plain(service) not in names:
        raise NoSuchName(f"there is no service {service}; there are: {', '.join(sorted(names.values()))}")
    if not operation or plain(service) in _ANY_WORD:
        return
    known = _operations(plain(service))
    if plain(operation) not in known:
        near = get_close_matches(plain(operation), known, 1)
        meant = f"; did you mean {known[near[0]]}?" if near else ""
        raise NoSuchName(f"{names[plain(service)]} has no operation {operation}{meant}")


@cache
def _services() -> dict[str, str]:
    shown = {known.package: known.name for known in reversed(model.KNOWN)}
    packages = [each.name for each in pkgutil.iter_modules([str(_SERVICES)]) if each.ispkg]
    return {plain(package): shown.get(package, package) for package in packages}


@cache
def _operations(service: str) -> dict[str, str]:
    names = _ENDPOINTS.get(service, "").split()
    for known in model.KNOWN:
        if plain(known.package) == service:
            names += model.service(known.name).operations
    for package in _SERVICES.glob("*/operations"):
        if plain(package.parent.name) == service:
            names += [each.name for each in pkgutil.iter_modules([str(package)])]
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(plain(name), name)
    return found
