"""Key conditions against a key schema: the stretch of a partition that a Query walks."""

from collections.abc import Mapping
from dataclasses import dataclass

from habitr_emulator.services.dynamodb.errors import ValidationException, invalid
from habitr_emulator.services.dynamodb.expressions.key_condition import NOT_SUPPORTED, KeyClause
from habitr_emulator.services.dynamodb.keys import KeyAttribute, Schema, encode_key, refuse_empty
from habitr_emulator.services.dynamodb.pages import Walk
from habitr_emulator.wire.typed_value import Native, kind_of


@dataclass(frozen=True, slots=True)
class KeyRange:
    """The clause of the partition key, always an equality, and that of the sort key, if there is one."""

    partition: KeyClause
    sort: KeyClause | None

    def restrict(self, walk: Walk) -> None:
        """Let ``walk`` see nothing else."""
        hash_column, range_column = walk.columns
        walk.wheres.append(f"{hash_column} = ?")
        walk.parameters.append(encode_key(self.partition.values[0]))
        if self.sort is not None:
            for sign, bound in _bounds(self.sort):
                walk.wheres.append(f"{range_column} {sign} ?")
                walk.parameters.append(bound)

    def check_start(self, start: Mapping[str, Native]) -> None:
        """Refuse a starting key of another partition or outside the range. Raises ValidationException."""
        if encode_key(start[self.partition.attribute]) != encode_key(self.partition.values[0]):
            raise ValidationException(
                "The provided starting key is outside query boundaries based on provided conditions"
            )
        if self.sort is not None:
            place = encode_key(start[self.sort.attribute])
            if not all(_holds(place, sign, bound) for sign, bound in _bounds(self.sort)):
                raise ValidationException("The provided starting key does not match the range key predicate")


def of(schema: Schema, clauses: list[KeyClause], index_name: str | None = None) -> KeyRange:
    """The range of a request's clauses. Raises ValidationException."""
    _refuse_nested(clauses)
    by_name = {clause.attribute: clause for clause in clauses}
    partition = by_name.pop(schema[0].name, None)
    if partition is None:
        raise _missed(schema[0])
    sort = by_name.pop(schema[1].name, None) if len(schema) > 1 else None
    if by_name:
        raise _missed(schema[1]) if len(schema) > 1 and sort is None else ValidationException(NOT_SUPPORTED)
    if partition.operator != "=":
        raise ValidationException(NOT_SUPPORTED)
    _check_values(schema[0], partition, index_name)
    if sort is not None:
        _check_values(schema[1], sort, index_name)
    return KeyRange(partition, sort)


def _refuse_nested(clauses: list[KeyClause]) -> None:
    if any(len(clause.path) > 1 for clause in clauses):
        raise ValidationException("KeyConditionExpressions cannot have conditions on nested attributes")


def _missed(attribute: KeyAttribute) -> ValidationException:
    return ValidationException(f"Query condition missed key schema element: {attribute.name}")


def _check_values(attribute: KeyAttribute, clause: KeyClause, index_name: str | None) -> None:
    for value in clause.values:
        if kind_of(value) != attribute.kind:
            raise invalid("Condition parameter type does not match schema type")
        refuse_empty(attribute.name, value, index_name)


def _bounds(clause: KeyClause) -> list[tuple[str, bytes]]:
    bounds = [encode_key(value) for value in clause.values]
    if clause.operator == "BETWEEN":
        return [(">=", bounds[0]), ("<=", bounds[1])]
    if clause.operator == "begins_with":
        end = _successor(bounds[0])
        return [(">=", bounds[0]), ("<", end)] if end else [(">=", bounds[0])]
    return [(clause.operator, bounds[0])]


def _successor(prefix: bytes) -> bytes:
    """The least bytes behind everything that begins with ``prefix``; empty if nothing is."""
    stem = prefix.rstrip(b"\xff")
    return stem[:-1] + bytes([stem[-1] + 1]) if stem else b""


def _holds(place: bytes, sign: str, bound: bytes) -> bool:
    return {
        "=": place == bound,
        "<": place < bound,
        "<=": place <= bound,
        ">": place > bound,
        ">=": place >= bound,
    }[sign]
