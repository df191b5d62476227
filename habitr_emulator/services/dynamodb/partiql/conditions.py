"""PartiQL's conditions: the WHERE clause, as a tree of the expression language.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-operators.html
"""

from collections.abc import Callable

from habitr_emulator.services.dynamodb.errors import ValidationException
from habitr_emulator.services.dynamodb.expressions import checks
from habitr_emulator.services.dynamodb.expressions.functions import CONDITION_FUNCTIONS, miscounted
from habitr_emulator.services.dynamodb.expressions.nodes import (
    COMPARATORS,
    BadExpression,
    Between,
    Both,
    Call,
    Compare,
    Either,
    In,
    Node,
    Not,
    Value,
)
from habitr_emulator.services.dynamodb.partiql.lexer import malformed
from habitr_emulator.services.dynamodb.partiql.reader import Reader

_FUNCTIONS = ("begins_with", "contains", "attribute_type")


class ConditionReader(Reader):
    """Reads conditions."""

    def _condition(self) -> Node:
        return self._inside(lambda: self._chain("OR", self._both, Either))

    def _both(self) -> Node:
        return self._chain("AND", self._negated, Both)

    def _chain(self, word: str, read: Callable[[], Node], kind: type[Both] | type[Either]) -> Node:
        parts = [read()]
        while self._take(word):
            parts.append(read())
        return parts[0] if len(parts) == 1 else kind(tuple(parts))

    def _negated(self) -> Node:
        return Not(self._inside(self._negated)) if self._take("NOT") else self._primary()

    def _primary(self) -> Node:
        if self._take("("):
            condition = self._condition()
            self._expect(")")
            return condition
        if self._token.text.lower() in _FUNCTIONS and self._calls():
            return self._call()
        return self._comparison(self._operand())

    def _calls(self) -> bool:
        following = self._tokens[min(self._at + 1, len(self._tokens) - 1)]
        return self._token.kind == "word" and following.text == "(" and following.kind == "sign"

    def _call(self) -> Node:
        name = self._name().lower()
        self._expect("(")
        call = Call(name, tuple(self._listed(self._operand, ")")))
        if name not in CONDITION_FUNCTIONS:
            raise ValidationException(f"Unrecognized function: {name}")
        miscount = miscounted(name, len(call.arguments), CONDITION_FUNCTIONS)
        if miscount:
            raise malformed(miscount)
        try:
            for check in checks.of(call):
                check(self.values)
        except BadExpression as problem:
            raise malformed(str(problem)) from None
        return call

    def _operand(self) -> Node:
        if self._starts_value():
            return self._value()
        if self._calls():
            if self._token.text.lower() != "size":
                raise malformed(f"Invalid function name; function: {self._token.text}")
            return self._call()
        return self._path()

    def _comparison(self, left: Node) -> Node:
        operator = "<>" if self._is("!=") else self._token.text
        if self._token.kind == "sign" and operator in COMPARATORS:
            self._at += 1
            return Compare(operator, left, self._operand())
        if self._take("NOT"):
            return Not(self._range(left))
        if self._take("IS"):
            return self._state(left)
        return self._range(left)

    def _range(self, left: Node) -> Node:
        if self._take("BETWEEN"):
            low = self._operand()
            self._expect("AND")
            return Between(left, low, self._operand())
        self._expect("IN")
        if self._take("["):
            return In(left, tuple(self._listed(self._operand, "]")))
        self._expect("(")
        return In(left, tuple(self._listed(self._operand, ")")))

    def _state(self, operand: Node) -> Node:
        """``IS [NOT] MISSING`` and ``IS [NOT] NULL``."""
        negated = self._take("NOT")
        if self._take("MISSING"):
            return Call("attribute_exists" if negated else "attribute_not_exists", (operand,))
        self._expect("NULL")
        name = f":{len(self.values)}"
        self.values[name] = "NULL"
        is_null = Call("attribute_type", (operand, Value(name)))
        return Not(is_null) if negated else is_null
