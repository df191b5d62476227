"""PartiQL text to statements.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.html
"""

from collections.abc import Sequence

from habitr_emulator.services.dynamodb.errors import NO_KEY, ValidationException
from habitr_emulator.services.dynamodb.expressions.nodes import BadExpression, Call, Node, Path, Sum, Update, Value
from habitr_emulator.services.dynamodb.expressions.paths import check_apart
from habitr_emulator.services.dynamodb.partiql.conditions import ConditionReader
from habitr_emulator.services.dynamodb.partiql.lexer import malformed
from habitr_emulator.services.dynamodb.partiql.statements import Change, Exists, Insert, Select, Statement
from habitr_emulator.wire.typed_value import Native

#: RETURNING, in the words of UpdateItem's ReturnValues.
_RETURNED = {("ALL", "OLD"), ("ALL", "NEW"), ("MODIFIED", "OLD"), ("MODIFIED", "NEW")}
_SETS = {"set_add": "adds", "set_delete": "deletes"}


def parse(text: str, parameters: Sequence[Native] = ()) -> Statement:
    """The statement of a text. Raises ValidationException."""
    parser = _Parser(text, parameters)
    try:
        statement = parser.statement()
        parser.finish()
        if isinstance(statement, Select) and statement.paths:
            check_apart(statement.paths)
        elif isinstance(statement, Change) and statement.update:
            check_apart(statement.update.paths)
    except BadExpression as problem:
        raise ValidationException(str(problem)) from None
    return statement


class _Parser(ConditionReader):
    def statement(self) -> Statement:
        """Any statement."""
        if self._take("SELECT"):
            return self._select()
        if self._take("INSERT", "INTO"):
            return self._insert()
        if self._take("UPDATE"):
            return self._update()
        if self._take("DELETE", "FROM"):
            return self._delete()
        self._expect("EXISTS", "(", "SELECT")
        select = self._select()
        self._expect(")")
        return Exists(select)

    def _select(self) -> Select:
        if self._is("DISTINCT"):
            raise ValidationException("Unsupported token in expression: DISTINCT")
        paths = None if self._take("*") else tuple(self._list(self._path))
        if self._is("AS"):
            raise ValidationException("Aliasing is not supported")
        self._expect("FROM")
        table, index = self._name(), self._name() if self._take(".") else None
        where = self._condition() if self._take("WHERE") else None
        order = tuple(self._list(self._ordering)) if self._take("ORDER", "BY") else ()
        return Select(table, index, paths, where, order, self.values)

    def _ordering(self) -> tuple[str, bool]:
        name = self._name()
        descending = self._take("DESC")
        if not descending:
            self._take("ASC")
        return name, descending

    def _insert(self) -> Insert:
        table = self._name()
        self._expect("VALUE")
        item = self._native()
        if item.__class__ is not dict:
            raise malformed("VALUE is not a tuple of attributes")
        return Insert(table, item)

    def _delete(self) -> Change:
        table = self._written()
        where = self._where()
        return Change(table, where, self.values, None, self._returning())

    def _written(self) -> str:
        table = self._name()
        if self._take("."):
            raise ValidationException("This operation is not supported on an index")
        return table

    def _where(self) -> Node:
        if self._token.kind == "end":
            raise ValidationException(NO_KEY)
        self._expect("WHERE")
        return self._condition()

    def _update(self) -> Change:
        table = self._written()
        update = Update()
        while not self._is("WHERE") and not (update.paths and self._token.kind == "end"):
            if self._take("REMOVE"):
                update.removes += self._list(self._path)
            else:
                self._expect("SET")
                for path, value in self._list(self._assignment):
                    _assign(update, path, value)
        if not update.paths:
            raise malformed("UPDATE without SET or REMOVE")
        where = self._where()
        return Change(table, where, self.values, update, self._returning())

    def _returning(self) -> str:
        if not self._take("RETURNING"):
            return "NONE"
        for which, side in _RETURNED:
            if self._take(which, side, "*"):
                return f"{'ALL' if which == 'ALL' else 'UPDATED'}_{side}"
        raise self._error("ALL or MODIFIED, OLD or NEW, *")

    def _assignment(self) -> tuple[Path, Node]:
        path = self._path()
        self._expect("=")
        value = self._term()
        for operator in "+-":
            if self._take(operator):
                value = Sum(operator, value, self._term())
        return path, value

    def _term(self) -> Node:
        if self._starts_value():
            return self._value()
        if not self._calls():
            return self._path()
        name = self._name().lower()
        self._expect("(")
        arguments = tuple(self._listed(self._term, ")"))
        if name not in ("list_append", "if_not_exists", *_SETS) or len(arguments) != 2:
            raise malformed(f"Invalid function name or number of operands; function: {name}")
        if name != "list_append" and not isinstance(arguments[0], Path):
            raise malformed(f"Operator or function requires a document path; operator or function: {name}")
        return Call(name, arguments)


def _assign(update: Update, path: Path, value: Node) -> None:
    """``SET path = set_add(path, set)`` is ADD in an update expression, set_delete is DELETE."""
    match value:
        case Call(name, (Path() as target, Value() as operand)) if name in _SETS:
            if target != path:
                raise malformed(f"{name} works on the path that is set")
            getattr(update, _SETS[name]).append((path, operand))
        case _:
            update.sets.append((path, value))
