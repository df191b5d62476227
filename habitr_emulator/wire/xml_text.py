"""XML, as much of it as AWS's formats need: a small tree in, text out. No DTDs, no entities of one's own."""

import re
from dataclasses import dataclass, field
from xml.parsers import expat

from habitr_emulator.wire.model import UnparsableInput

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_DEEPEST = 100
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;", "\n": "&#10;"}
_SPECIAL = re.compile('[&<>"\r\n\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]')


@dataclass(slots=True)
class Element:
    """An element: local name, attributes by local name, children, and its text (of all text nodes)."""

    name: str
    attributes: dict[str, str]
    children: list["Element"] = field(default_factory=list)
    text: str = ""

    def all(self, name: str) -> list["Element"]:
        """The children of a name."""
        return [child for child in self.children if child.name == name]


def parse(body: bytes) -> Element:
    """The root element of a document; raises UnparsableInput."""
    root = Element("", {})
    stack = [root]

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(stack) > _DEEPEST:
            raise UnparsableInput("The XML is nested too deeply.")
        element = Element(_local(name), {_local(key): value for key, value in attributes.items()})
        stack[-1].children.append(element)
        stack.append(element)

    def text(data: str) -> None:
        stack[-1].text += data

    def refuse(*_: object) -> None:
        raise UnparsableInput("A document type declaration is not allowed.")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.CharacterDataHandler = start, text
    parser.EndElementHandler = lambda _: stack.pop()
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, LookupError, ValueError) as error:  # the last two: its declared encoding
        raise UnparsableInput(str(error)) from error
    return root.children[0]


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def escaped(text: str) -> str:
    """Text for an element or an attribute. What XML cannot say is replaced by U+FFFD."""
    return _SPECIAL.sub(lambda found: _ESCAPES.get(found[0], "\ufffd"), text)


def element(name: str, content: str, attributes: str = "") -> str:
    """An element around content that is XML already."""
    return f"<{name}{attributes}>{content}</{name}>" if content else f"<{name}{attributes}/>"
