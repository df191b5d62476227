"""Update expressions: tokens to syntax trees.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
"""

from habitr_emulator.services.dynamodb.expressions.functions import UPDATE_FUNCTIONS
from habitr_emulator.services.dynamodb.expressions.nodes import Node, Path, Sum, Update
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
        return path, self._sum()

    def _sum(self) -> Node:
        left = self._term()
        for sign in "+-":
            if self._take(sign):
                self._operator()
                return Sum(sign, left, self._term())
        return left

    def _term(self) -> Node:
        if self._token.kind == "value":
            return self._value()
        if self._take("("):
            inner = self._inside(self._sum)
            self._expect(")")
            return inner
        if self._token.kind == "name" and self._tokens[self._at + 1].text == "(":
            return self._call(self._sum)
        return self._path()
