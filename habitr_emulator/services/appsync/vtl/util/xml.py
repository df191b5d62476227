"""``$util.xml``: XML as maps, in the manner of org.json: repeated elements become lists.

https://docs.aws.amazon.com/appsync/latest/devguide/xml-helpers-in-utils-xml.html
"""

import re
from collections.abc import Callable
from typing import Any
from xml.parsers import expat

from habitr_emulator.services.appsync.vtl.to_json import to_json

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(\.[0-9]+)?\Z")
MAX_DEPTH = 100


class _Reader:
    """Collects elements; a document that declares entities is refused."""

    def __init__(self, keep_text: bool) -> None:
        self.keep_text = keep_text
        self.stack: list[tuple[dict[str, Any], list[str]]] = [({}, [])]

    def start(self, _: str, attributes: dict[str, str]) -> None:
        if len(self.stack) > MAX_DEPTH:
            raise ValueError(f"XML nested deeper than {MAX_DEPTH} levels")
        self.stack.append(({name: self.scalar(value) for name, value in attributes.items()}, []))

    def end(self, name: str) -> None:
        element, text = self.stack.pop()
        content = "".join(text).strip()
        value: Any = element
        if content and element:
            element["content"] = self.scalar(content)
        elif not element:
            value = self.scalar(content) if content else ""
        parent = self.stack[-1][0]
        if name not in parent:
            parent[name] = value
        elif isinstance(parent[name], list):
            parent[name].append(value)
        else:
            parent[name] = [parent[name], value]

    def characters(self, text: str) -> None:
        self.stack[-1][1].append(text)

    def entity(self, *_: Any) -> None:
        raise ValueError("XML with entity declarations is not read")

    def scalar(self, text: str) -> Any:
        if self.keep_text:
            return text
        number = _NUMBER.match(text)
        if number is not None:
            return float(text) if number[1] else int(text)
        return {"true": True, "false": False, "null": None}.get(text, text)


def to_map(text: str, keep_text: bool = False) -> dict[str, Any]:
    """The document as a map; numbers and booleans are recognised unless ``keep_text``. Raises ValueError."""
    reader, parser = _Reader(keep_text), expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler, parser.EntityDeclHandler = reader.characters, reader.entity
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        raise ValueError(f"the XML cannot be read: {error}") from error
    return reader.stack[0][0]


PURE: dict[str, Callable[..., Any]] = {
    "toMap": lambda text: to_map(text),
    "toJsonString": lambda text, keep_text=False: to_json(to_map(text, keep_text)),
}
