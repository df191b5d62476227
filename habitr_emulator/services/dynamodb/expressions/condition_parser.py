"""Conditions, filters and key conditions: tokens to syntax trees.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
"""

from collections.abc import Callable

from habitr_emulator.services.dynamodb.expressions.nodes import (
    COMPARATORS,
    Between,
    Both,
    Call,
    Compare,
    Either,
    Group,
    In,
    Node,
    Not,
    bare,
)
from habitr_emulator.services.dynamodb.expressions.parser import Parser

_CONDITIONS = (Compare, Between, In, Not, Both, Either, Call)


class ConditionParser(Parser):
    """Reads one condition."""

    tells_size = True

    def condition(self) -> Node:
        """A condition, filter or key condition."""
        return bare(self._whole(self._either))

    def _either(self) -> Node:
        return self._chain("OR", self._both, Either)

    def _both(self) -> Node:
        return self._chain("AND", self._negated, Both)

    def _chain(self, word: str, read: Callable[[], Node], kind: type[Both] | type[Either]) -> Node:
        parts = [read()]
        while self._is_condition(parts[-1]) and self._take(word):
            self._operator()
            parts.append(read())
            if not self._is_condition(parts[-1]):
                raise self._error()
        return parts[0] if len(parts) == 1 else kind(tuple(self._judged(part) for part in parts))

    def _negated(self) -> Node:
        count = 0
        while self._take("NOT"):
            self._operator()
            count += 1
        node = self._comparison()
        if count and not self._is_condition(node):
            raise self._error()
        for _ in range(count):
            node = Not(self._judged(node))
        return node

    def _judged(self, node: Node) -> Node:
        """A part of a condition, which must be one itself."""
        node = bare(node)
        if isinstance(node, Call):
            self._check_use(node, wanted=True)
        return node

    def _comparison(self) -> Node:
        left = self._grouped(condition=True)
        token, inner = self._token, bare(left)
        if not isinstance(inner, _CONDITIONS) or isinstance(inner, Call):
            if token.kind == "sign" and token.text in COMPARATORS:
                self._at += 1
                return self._compare(token.text, left)
            if self._take("BETWEEN"):
                return self._between(left)
            if self._take("IN"):
                return self._in(left)
        if self._depth and token.text == ")":
            return left  # what stands behind the parenthesis tells whether it is a condition or an operand
        if isinstance(inner, Call):
            self._check_use(inner, wanted=True)
        elif not self._is_condition(left):
            raise self._error()
        return left

    def _compare(self, operator: str, left: Node) -> Node:
        self._operator()
        return Compare(operator, self._read(left), self._operand())

    def _between(self, operand: Node) -> Node:
        self._operator()
        low = self._operand()
        self._expect("AND")
        return Between(self._read(operand), low, self._operand())

    def _in(self, operand: Node) -> Node:
        self._operator()
        self._expect("(")
        options = self._list(self._operand)
        self._expect(")")
        return In(self._read(operand), tuple(options))

    def _is_condition(self, node: Node) -> bool:
        return isinstance(bare(node), _CONDITIONS)

    def _read(self, left: Node) -> Node:
        node = bare(left)
        if isinstance(node, Call):
            self._check_use(node, wanted=False)
        return node

    def _check_use(self, call: Call, *, wanted: bool) -> None:
        function = self.functions.get(call.name)
        if function is not None and function.is_condition != wanted:
            self.problems.append(
                f"The function is not allowed to be used this way in an expression; function: {call.name}"
            )

    def _operand(self) -> Node:
        return bare(self._grouped(condition=False))

    def _grouped(self, *, condition: bool) -> Node:
        """An operand or, if ``condition``, what may turn out to be one; in its parentheses."""
        if self._token.kind == "value":
            return self._value()
        if self._take("("):
            inner = self._inside(self._either if condition else lambda: self._grouped(condition=False))
            self._expect(")")
            self.redundant |= isinstance(inner, Group)
            return Group(inner)
        if self._token.kind == "name" and self._tokens[self._at + 1].text == "(":
            call = self._call(self._operand)
            if not condition:
                self._check_use(call, wanted=False)
            return call
        return self._path()
