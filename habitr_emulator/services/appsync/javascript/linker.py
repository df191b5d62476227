"""Makes a module of APPSYNC_JS runnable: QuickJS has no module loader here, so imports become plain constants
and exports plain declarations: text that can be run as a module and as the body of a function.

Only ``import`` and ``export`` statements are looked for; what is in strings, templates, comments and regular
expressions is passed over. Lines stay where they are, so that errors tell the right ones.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

MODULES = ("@aws-appsync/utils", "@aws-appsync/utils/dynamodb")
_SKIP = re.compile(
    r"""//[^\n]*|/\*.*?(?:\*/|\Z)|'(?:\\.|[^'\\\n])*'?|"(?:\\.|[^"\\\n])*"?|[A-Za-z_$][\w$]*|\d[\w.]*|\s+""",
    re.DOTALL,
)
# The clause takes ``from`` with it: apart, the blanks around it would be divided in every possible way.
# Lengths are bounded, since the search begins again at every ``import`` and every slash of what was none.
_IMPORT = re.compile(
    r"""import(?P<clause>[\w$*{},\s]{,4000}+)(?P<quote>['"])(?P<module>[^'"\n]*)(?P=quote)\s*;?""",
)
_REGEX = re.compile(r"/(?:\\.|\[(?:\\.|[^\]\\\n]){,500}+\]|[^/\\\n\[])++/[a-z]*")
_FROM = re.compile(r"(?<![\w$])from\Z")
_DECLARED = re.compile(
    r"export\s+(?:default\s+(?=(?:function|class)\s+[\w$])|(?=(?:function|const|let|var|class|async)\b))"
)
_EXPORTS = re.compile(r"export\s*\{(?P<names>[^}]*)\}\s*;?")
_NAMED = re.compile(r"(?P<default>[\w$]+)? ?,? ?(?:\* ?as (?P<star>[\w$]+)|\{(?P<names>[^}]*)\})?")
#: After these a slash begins a regular expression, not a division.
_BEFORE_REGEX = frozenset("(,=:[!&|?{};+-*%<>~^\n")
_WORDS_BEFORE_REGEX = frozenset(("return", "typeof", "case", "in", "of", "delete", "void"))


class LinkError(Exception):
    """A module that cannot be linked; ``line`` is 1-based."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.message, self.line = message, line


class _Statement(NamedTuple):
    start: int
    end: int
    text: str


def linked(code: str) -> str:
    """The module with its imports resolved and its handlers told to the runtime. Raises LinkError."""
    out, at = [], 0
    names = {"request": "request", "response": "response"}
    for statement in _statements(code):
        out.append(code[at : statement.start])
        if _DECLARED.match(code, statement.start):
            out.append(" " * len("export"))
        elif statement.text.startswith("export"):
            names |= {exported: local for local, exported in _pairs(statement.text[6:].strip(" \n{};"))}
        else:
            out.append(_constants(statement, code))
        out.append("\n" * statement.text.count("\n"))
        at = statement.end
    out.append(code[at:])
    handlers = {name: names[name] for name in ("request", "response")}
    told = (f"{name}: typeof {local} === 'undefined' ? undefined : {local}" for name, local in handlers.items())
    return "".join(out) + f"\n;__export({{ {', '.join(told)} }})"


def _constants(statement: _Statement, code: str) -> str:
    """An import as declarations."""
    found = _IMPORT.fullmatch(statement.text)
    assert found is not None
    line = code.count("\n", 0, statement.start) + 1
    module, clause = found["module"], " ".join(found["clause"].split())
    if module not in MODULES:
        raise LinkError(f"Unable to resolve the import {module!r}; there are: {', '.join(MODULES)}", line)
    if not clause:
        return ""
    named = _NAMED.fullmatch(clause[: -len("from")].rstrip()) if _FROM.search(clause) else None
    if named is None:
        raise LinkError("the import cannot be read", line)
    source = f"__import('{module}', [])"
    parts = [f"const {name} = {source};" for name in (named["default"], named["star"]) if name]
    if named["names"]:
        wanted = _pairs(named["names"])
        pairs = ", ".join(f"{name}: {local}" for name, local in wanted)
        parts.append(f"const {{ {pairs} }} = __import('{module}', {[name for name, _ in wanted]});")
    return " ".join(parts)


def _pairs(names: str) -> list[tuple[str, str]]:
    """``a, b as c`` as (a, a), (b, c)."""
    pairs = []
    for item in names.split(","):
        words = item.split()
        if words:
            pairs.append((words[0], words[-1]))
    return pairs


def _statements(code: str) -> Iterator[_Statement]:
    """The import statements and export lists at the top level."""
    at, depth, before = 0, 0, "\n"
    templates: list[int] = []
    while at < len(code):
        character = code[at]
        if character == "`" or (character == "}" and templates and templates[-1] == depth):
            if character == "}":
                templates.pop()
            at, opened = _template(code, at + 1)
            if opened:
                templates.append(depth)
            before = "`"
            continue
        found = _SKIP.match(code, at)
        if found is None and character == "/" and (before in _BEFORE_REGEX or before in _WORDS_BEFORE_REGEX):
            found = _REGEX.match(code, at)
        if found is None:
            depth += (character in "{([") - (character in "})]")
            at, before = at + 1, character
            continue
        text = found[0]
        if depth == 0 and text in ("import", "export"):
            whole = (_IMPORT if text == "import" else _EXPORTS).match(code, at) or _DECLARED.match(code, at)
            if whole is not None:
                yield _Statement(at, whole.end(), whole[0])
                at, before = whole.end(), ";"
                continue
        at = found.end()
        if not text.isspace() and not text.startswith(("//", "/*")):
            before = text


def _template(code: str, at: int) -> tuple[int, bool]:
    """Past the text of a template literal: where it goes on, and whether ``${`` has opened an expression."""
    while at < len(code):
        if code[at] == "\\":
            at += 2
        elif code[at] == "`":
            return at + 1, False
        elif code.startswith("${", at):
            return at + 2, True
        else:
            at += 1
    return at, False
