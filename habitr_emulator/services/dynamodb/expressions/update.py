"""Update expressions: a syntax tree becomes one function of the old item and the values.

Every right-hand side reads the old item. List indexes mean the old list: what SET puts beyond its end is appended
in index order, what REMOVE takes leaves a gap that closes last.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from habitr_emulator.services.dynamodb.errors import ValidationException
from habitr_emulator.services.dynamodb.expressions.comparison import MISSING
from habitr_emulator.services.dynamodb.expressions.condition import Attributes, Read, Values, find, operand
from habitr_emulator.services.dynamodb.expressions.nodes import Call, Node, Path, Sum, Update
from habitr_emulator.wire.number import add, negative
from habitr_emulator.wire.typed_value import AttributeSet, Native, kind_of

WRONG_TYPE = "An operand in the update expression has an incorrect data type"
INVALID_PATH = "The document path provided in the update expression is invalid for update"
NO_ATTRIBUTE = "The provided expression refers to an attribute that does not exist in the item"

Elements = tuple[str | int, ...]
Apply = Callable[[Attributes, Values], dict[str, Native]]
_GONE: Any = object()


@dataclass(frozen=True, slots=True)
class _Action:
    """Put at ``path`` what ``value`` makes of the old item; ``_GONE`` removes."""

    path: Elements
    value: Read


def compiled(update: Update) -> Apply:
    """The function that makes the new item; raises ValidationException."""
    actions = [_Action(path.elements, _value(node)) for path, node in update.sets]
    actions.sort(key=_append_order)
    actions += [_Action(path.elements, _addition(path, value.name)) for path, value in update.adds]
    actions += [_Action(path.elements, _deletion(path, value.name)) for path, value in update.deletes]
    actions += [_Action(path.elements, lambda item, values: _GONE) for path in update.removes]

    def apply(old: Attributes, values: Values) -> dict[str, Native]:
        results = [(action.path, action.value(old, values)) for action in actions]
        new = dict(old)
        for path, value in results:
            _put(new, path, value)
        for path in {path[:-1] for path, value in results if value is _GONE and len(path) > 1}:
            _close_gaps(find(new, path))
        return new

    return apply


def _append_order(action: _Action) -> int:
    last = action.path[-1]
    return last if isinstance(last, int) else -1


def _put(new: dict[str, Native], path: Elements, value: Native) -> None:
    if len(path) == 1:
        if value is _GONE:
            new.pop(str(path[0]), None)
        elif value is not MISSING:
            new[str(path[0])] = value
    else:
        _put_inside(_container(new, path[:-1]), path[-1], value)


def _put_inside(container: Any, place: Any, value: Native) -> None:
    if container.__class__ is dict and place.__class__ is str:
        if value is _GONE:
            container.pop(place, None)
        elif value is not MISSING:
            container[place] = value
    elif container.__class__ is list and place.__class__ is int:
        if value is MISSING:
            return
        if place < len(container):
            container[place] = value
        elif value is not _GONE:
            container.append(value)
    else:
        raise ValidationException(INVALID_PATH)


def _container(new: dict[str, Native], path: Elements) -> Any:
    """The map or list at ``path``, copied on the way down: the old item stays as it is."""
    place: Any = new
    for element in path:
        inside = find({"": place}, ("", element))
        if inside.__class__ is dict:
            inside = dict(inside)
        elif inside.__class__ is list:
            inside = list(inside)
        else:
            raise ValidationException(INVALID_PATH)
        place[element] = inside
        place = inside
    return place


def _close_gaps(container: Any) -> None:
    if container.__class__ is list:
        container[:] = [member for member in container if member is not _GONE]


def _value(node: Node) -> Read:
    match node:
        case Sum(operator, left, right):
            first, second = _value(left), _value(right)
            return lambda item, values: _sum(operator, first(item, values), second(item, values))
        case Call("if_not_exists", (path, otherwise)):
            read, default = operand(path), _value(otherwise)
            return lambda item, values: _or_else(read(item, values), default(item, values))
        case Call("list_append", (left, right)):
            first, second = _value(left), _value(right)
            return lambda item, values: _append(first(item, values), second(item, values))
        case Path():
            return _existing(operand(node))
    return operand(node)


def _or_else(found: Native, default: Native) -> Native:
    """Both were looked for: a default that is not there is refused even if it is not needed."""
    return default if found is MISSING else found


def _existing(read: Read) -> Read:
    def value(item: Attributes, values: Values) -> Native:
        found = read(item, values)
        if found is MISSING:
            raise ValidationException(NO_ATTRIBUTE)
        return found

    return value


def _sum(operator: str, left: Native, right: Native) -> Native:
    if kind_of(left) != "N" or kind_of(right) != "N":
        raise ValidationException(WRONG_TYPE)
    return add(left, right if operator == "+" else negative(right))


def _append(left: Native, right: Native) -> Native:
    if left.__class__ is not list or right.__class__ is not list:
        raise ValidationException(WRONG_TYPE)
    return left + right


def _addition(path: Path, name: str) -> Read:
    elements = path.elements

    def value(item: Attributes, values: Values) -> Native:
        old, more = find(item, elements), values[name]
        if old is MISSING:
            return more
        if kind_of(old) != kind_of(more):
            raise ValidationException(WRONG_TYPE)
        if more.__class__ is not AttributeSet:
            return add(old, more)
        return AttributeSet(old.kind, tuple(dict.fromkeys((*old.members, *more.members))))

    return value


def _deletion(path: Path, name: str) -> Read:
    elements = path.elements

    def value(item: Attributes, values: Values) -> Native:
        old, less = find(item, elements), values[name]
        if old is MISSING:
            return MISSING
        if kind_of(old) != kind_of(less):
            raise ValidationException(WRONG_TYPE)
        kept = tuple(member for member in old.members if member not in less.members)
        return AttributeSet(old.kind, kept) if kept else _GONE

    return value
