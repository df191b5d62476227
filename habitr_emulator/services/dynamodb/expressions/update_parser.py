"""Update expressions: tokens to syntax trees.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
"""

from collections.abc import Callable

from habitr_emulator.services.dynamodb.expressions.functions import UPDATE_FUNCTIONS
from habitr_emulator.services.dynamodb.expressions.nodes import Call, Group, Node, Path, Sum, Update, bare
from habitr_emulator.services.dynamodb.expressions.parser import Parser


class UpdateParser(Parser):
    """Reads one update expression."""

    functions = UPDATE_FUNCTIONS

    def update(self) -> Update:
        """Sections SET, REMOVE, ADD and DELETE, each at most once."""
        return self._whole(self._sections)

    def _sections(self) -> Update:
        update = Update()
        seen: set[str] = set()
        while not seen or self._token.kind != "end":
            word = self._token.text.upper()
            if self._token.kind != "keyword" or word not in ("SET", "REMOVE", "ADD", "DELETE"):
                raise self._error()
            self._at += 1
            if word in seen:
                self.problems.append(f'The "{word}" section can only be used once in an update expression;')
            seen.add(word)
            self._section(word, update)
        return update

    def _section(self, word: str, update: Update) -> None:
        if word == "SET":
            update.sets += self._list(self._assignment)
        elif word == "REMOVE":
            update.removes += self._list(self._path)
        else:
            pairs = self._list(lambda: (self._path(), self._value()))
            (update.adds if word == "ADD" else update.deletes).extend(pairs)

    def _assignment(self) -> tuple[Path, Node]:
        path = self._path()
        self._expect("=")
        self._operator()
        return path, bare(self._sum())

    def _sum(self) -> Node:
        """An operand, or two with a sign between; parentheses may stand around the whole."""
        left = self._term(self._sum)
        if isinstance(bare(left), Sum):
            return left
        for sign in "+-":
            if self._take(sign):
                self._operator()
                return Sum(sign, self._inner(left), self._inner(self._term(self._grouped)))
        return left

    def _grouped(self) -> Node:
        return self._term(self._grouped)

    def _term(self, inside: Callable[[], Node]) -> Node:
        if self._token.kind == "value":
            return self._value()
        if self._take("("):
            inner = self._inside(inside)
            self._expect(")")
            self.redundant |= isinstance(inner, Group)
            return Group(inner)
        if self._token.kind == "name" and self._tokens[self._at + 1].text == "(":
            return self._call(lambda: self._inner(self._grouped()))
        return self._path()

    def _inner(self, node: Node) -> Node:
        """An operand of a sum or function: no list_append, which stands alone."""
        node = bare(node)
        if isinstance(node, Call) and node.name == "list_append":
            self.problems.append(
                "The function is not allowed to be used this way in an expression; function: list_append"
            )
        return node
