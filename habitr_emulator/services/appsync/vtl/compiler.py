"""Compiles a Velocity template to a Python function: once per text, then rendered many times.

A template that no block, macro or ``#evaluate`` shares variables with becomes one function whose Velocity
variables are Python locals; the others keep them in a dictionary (``scope``).
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from habitr_emulator.services.appsync.spec import EarlyReturn
from habitr_emulator.services.appsync.vtl.expression_code import ExpressionCode
from habitr_emulator.services.appsync.vtl.lexer import SyntaxProblem
from habitr_emulator.services.appsync.vtl.nodes import (
    Call,
    Define,
    Evaluate,
    Foreach,
    If,
    Index,
    Leave,
    Macro,
    Method,
    Node,
    Property,
    Reference,
    Return,
    Set,
    Template,
    Text,
)
from habitr_emulator.services.appsync.vtl.parser import parse
from habitr_emulator.services.appsync.vtl.runtime import RUNTIME
from habitr_emulator.services.appsync.vtl.values import MAX_DEPTH, Budget, Rendering

_SILENT = {("util", "qr"), ("util", "quiet"), ("utils", "qr"), ("utils", "quiet")}
MAX_TEMPLATE = 65_536  # what CreateResolver takes


@lru_cache(maxsize=1024)
def compiled(text: str, dynamic: bool = False) -> Rendering:
    """The template as ``render(scope, out, budget)``, which appends pieces of text to ``out``.

    Raises SyntaxProblem. ``dynamic`` keeps its variables in ``scope`` even if they could be locals.
    """
    if len(text) > MAX_TEMPLATE:
        raise SyntaxProblem(f"longer than {MAX_TEMPLATE} characters")
    try:
        source = _Compiler(parse(text), dynamic).source()
        scope: dict[str, Any] = {**RUNTIME, "EarlyReturn": EarlyReturn, "evaluate": evaluate}
        # the source is made of our own phrases and of repr() of the template's literals
        exec(compile(source, "<template>", "exec"), scope)  # noqa: S102
    except (RecursionError, MemoryError, SyntaxError, ValueError, OverflowError) as error:
        raise SyntaxProblem(f"too deeply nested or too large ({type(error).__name__})") from error
    rendering: Rendering = scope["render"]
    return rendering


def evaluate(text: Any, scope: dict[str, Any], out: list[str], budget: Budget) -> None:
    """``#evaluate(text)``: the text is a template that shares the variables. Raises SyntaxProblem."""
    if not isinstance(text, str):
        return
    budget.depth -= 1
    budget.spend(1)
    if budget.depth < 0:
        raise SyntaxProblem(f"#evaluate nested deeper than {MAX_DEPTH} levels")
    compiled(text, True)(scope, out, budget)
    budget.depth += 1


class _Compiler:
    """Writes the source of one template."""

    def __init__(self, template: Template, dynamic: bool) -> None:
        self.template = template
        self.dynamic = dynamic or template.dynamic
        self.functions: list[str] = []
        self.lines: list[str] = []
        self.indent = 1
        self.loops = 0
        self.slots = {} if self.dynamic else {name: f"v{at}" for at, name in enumerate(sorted(template.names))}
        self.macros: dict[str, tuple[str, ...]] = {}
        self.code = ExpressionCode(self._variable, self._function)
        self._writers: dict[type, Callable[[Any], None]] = {
            Text: self._text,
            Reference: self._reference,
            Set: self._set,
            If: self._if,
            Foreach: self._foreach,
            Leave: self._leave,
            Return: self._return,
            Define: self._define,
            Macro: self._macro,
            Call: self._call,
            Evaluate: self._evaluate,
        }

    def source(self) -> str:
        """The module: blocks first, then ``render``."""
        self._collect_macros(self.template.body)
        for name, slot in self.slots.items():
            self._line(f"{slot} = scope.get({name!r})")
        self._body(self.template.body)
        return "\n".join([*self.functions, self._header("render"), *self.lines, ""])

    def _header(self, name: str) -> str:
        return f"def {name}(scope, out, budget):\n w = out.append"

    def _line(self, code: str) -> None:
        self.lines.append(" " * self.indent + code)

    def _body(self, nodes: tuple[Node, ...]) -> None:
        if not nodes:
            self._line("pass")
        for node in nodes:
            self._writers[type(node)](node)

    def _function(self, nodes: tuple[Node, ...]) -> str:
        """Write a block as a function of its own; its name."""
        kept = self.lines, self.indent, self.loops
        self.lines, self.indent, self.loops = [], 1, 0
        self._body(nodes)
        name = f"block{len(self.functions)}"
        self.functions.append("\n".join([self._header(name), *self.lines]))
        self.lines, self.indent, self.loops = kept
        return name

    def _variable(self, name: str) -> str:
        return self.slots[name] if not self.dynamic else f"scope[{name!r}]"

    def _collect_macros(self, nodes: tuple[Node, ...]) -> None:
        """Macros may be called before they are defined: give each its function first."""
        for node in nodes:
            if isinstance(node, Macro):
                self.macros[node.name] = node.parameters

    def _text(self, node: Text) -> None:
        self._line(f"w({node.text!r})")

    def _reference(self, node: Reference) -> None:
        part = node.parts[0] if len(node.parts) == 1 else None
        if isinstance(part, Method) and (node.root, part.name) in _SILENT and not node.slashes:
            for argument in part.arguments:
                self._line(self.code.of(argument))
            return
        value = self.code.reference(node)
        if node.slashes:
            self._line(f"w(escaped({value}, {node.source.lstrip(chr(92))!r}, {node.quiet}, {node.slashes}))")
        else:
            self._line(f"w(text({value}, {'' if node.quiet else node.source!r}))")

    def _set(self, node: Set) -> None:
        value = self.code.of(node.value)
        if not node.target.parts:
            self._line(f"{self._variable(node.target.root)} = {value}")
            return
        *before, last = node.target.parts
        owner = self.code.reference(Reference(node.target.root, tuple(before), False, ""))
        if isinstance(last, Property):
            self._line(f"assign({owner}, {last.name!r}, {value})")
        elif isinstance(last, Index):
            self._line(f"assign({owner}, {self.code.of(last.expression)}, {value})")
        else:
            raise SyntaxProblem(f"#set cannot set {node.target.source}")

    def _if(self, node: If) -> None:
        for at, (condition, body) in enumerate(node.branches):
            word = "if" if at == 0 else "elif"
            self._line(f"{word} {self.code.truth(condition)}:" if condition is not None else "else:")
            self._inside(body)

    def _inside(self, body: tuple[Node, ...]) -> None:
        self.indent += 1
        self._body(body)
        self.indent -= 1

    def _foreach(self, node: Foreach) -> None:
        rows = self.code.temporary()
        self._line(f"{rows} = rounds({self.code.of(node.source)}, budget)")
        used = [name for name in (node.name, *self._loop_variables()) if self.dynamic or name in self.slots]
        hidden = {name: self.code.temporary() for name in used}
        for name, kept in hidden.items():
            self._line(f"{kept} = {self._variable(name)}")
        if "foreach" in hidden:
            self._line(f"{self._variable('foreach')} = Loop(len({rows}), {hidden['foreach']})")
        counter = self.code.temporary()
        self._line(f"for {counter}, {self._variable(node.name)} in enumerate({rows}):")
        self.indent += 1
        self._count(hidden, counter, rows)
        self.loops += 1
        self._body(node.body)
        self.loops -= 1
        self.indent -= 1
        for name, kept in hidden.items():
            self._line(f"{self._variable(name)} = {kept}")

    def _loop_variables(self) -> tuple[str, ...]:
        return ("foreach", "velocityCount", "velocityHasNext")

    def _count(self, used: dict[str, str], counter: str, rows: str) -> None:
        """Keep the loop's own variables; one that the template never reads costs nothing."""
        if "foreach" in used:
            self._line(f"{self._variable('foreach')}.index = {counter}")
        if "velocityCount" in used:
            self._line(f"{self._variable('velocityCount')} = {counter} + 1")
        if "velocityHasNext" in used:
            self._line(f"{self._variable('velocityHasNext')} = {counter} + 1 < len({rows})")

    def _leave(self, node: Leave) -> None:
        self._line("break" if node.how == "break" and self.loops else "raise Stop")

    def _return(self, node: Return) -> None:
        value = "None" if node.value is None else self.code.of(node.value)
        self._line(f"raise EarlyReturn({value})")

    def _define(self, node: Define) -> None:
        self._line(f"{self._variable(node.name)} = Block({self._function(node.body)}, scope, budget)")

    def _macro(self, node: Macro) -> None:
        body = self._function(node.body)
        self.functions.append(f"macro_{node.name.replace('-', '_minus_')} = {body}")
        self._line("pass")

    def _call(self, node: Call) -> None:
        parameters = self.macros.get(node.name)
        if parameters is None:
            raise SyntaxProblem(f"the macro {node.name} is defined inside another directive")
        values = [self.code.of(argument) for argument in node.arguments] + ["None"] * len(parameters)
        bindings = [f"{name!r}: {value}" for name, value in zip(parameters, values, strict=False)]
        if node.body is not None:
            bindings.append(f"'bodyContent': Block({self._function(node.body)}, scope, budget)")
        function = f"macro_{node.name.replace('-', '_minus_')}"
        self._line(f"w(run_macro({function}, scope, budget, {{{', '.join(bindings)}}}))")

    def _evaluate(self, node: Evaluate) -> None:
        self._line(f"evaluate({self.code.of(node.text)}, scope, out, budget)")
