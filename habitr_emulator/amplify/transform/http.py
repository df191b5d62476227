"""``@http``: a field that an HTTP endpoint answers.

https://docs.amplify.aws/gen1/javascript/build-a-backend/graphqlapi/custom-business-logic/#http-resolver
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from habitr_emulator.amplify.transform.document import (
    Argument,
    Directive,
    Document,
    Field,
    Type,
    base,
    non_null,
    nullable,
)
from habitr_emulator.amplify.transform.inputs import SCALARS
from habitr_emulator.amplify.transform.names import upper
from habitr_emulator.amplify.transform.transformation import Transformation

_ORIGIN = re.compile(r"(https?://[^/]*)(/.*)?", re.DOTALL)
_PARAMETER = re.compile(r":(\w+)")


@dataclass(frozen=True, slots=True)
class HttpCall:
    """Where and how to call; ``path`` still has its ``:name`` parts; ``required`` are arguments that must come
    in the query or the body.
    """

    method: str
    origin: str
    path: str
    headers: tuple[tuple[str, str], ...]
    required: tuple[str, ...]

    @property
    def has_body(self) -> bool:
        """Whether arguments may also come in a body."""
        return self.method in ("POST", "PUT", "PATCH")


def read(transformation: Transformation, owner: Type, field: Field, directive: Directive) -> HttpCall:
    """Replace the field's arguments by ``params``, ``query`` and ``body``, and say what to call."""
    given = directive.arguments
    match = _ORIGIN.fullmatch(given["url"])
    if match is None:
        transformation.refuse(
            f"@http directive at location {directive.offset} requires a url parameter that begins with http:// or "
            "https://.",
            directive,
        )
    path = match[2] or "/"
    rest, params = list(field.arguments.values()), _PARAMETER.findall(path)
    if params:
        rest = [item for item in rest if base(item.type) in SCALARS and item.name not in params]
    method = given.get("method") or "GET"
    headers = tuple((item["key"], item["value"]) for item in given.get("headers") or ())
    required = tuple(item.name for item in rest if non_null(item.type))
    call = HttpCall(method, match[1], path, headers, required)
    replaced = _arguments(transformation.document, f"{upper(owner.name)}{upper(field.name)}", call, (params, rest))
    if replaced:
        field.arguments = replaced
    return call


def _arguments(
    document: Document, stem: str, call: HttpCall, parts: tuple[list[str], list[Argument]]
) -> dict[str, Argument]:
    params, rest = parts
    made: dict[str, Argument] = {}
    if params:
        name = f"{stem}ParamsInput"
        document.types[name] = Type("input", name, {param: Field(param, "String!") for param in params})
        made["params"] = Argument("params", f"{name}!")
    if rest:
        keep = call.method == "GET"
        needed = keep and any(non_null(item.type) for item in rest)
        for part in ("query", "body") if call.has_body else ("query",):
            name = f"{stem}{upper(part)}Input"
            document.types[name] = Type("input", name, _fields(rest, keep=keep))
            made[part] = Argument(part, f"{name}!" if needed else name)
    return made


def _fields(items: Iterable[Argument], *, keep: bool) -> dict[str, Field]:
    return {
        item.name: Field(item.name, item.type if keep else nullable(item.type), default=item.default)
        for item in items
    }
