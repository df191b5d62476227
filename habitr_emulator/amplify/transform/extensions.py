"""``extend type`` and its kin: what may be extended, and by what.

https://docs.amplify.aws/gen1/javascript/build-a-backend/graphqlapi/custom-business-logic/
"""

from collections.abc import Collection
from typing import Any, NoReturn

from graphql.language import ast

from habitr_emulator.amplify.transform.printing import KEPT_DIRECTIVES
from habitr_emulator.kernel.errors import ProjectError

#: node kind -> how the refusals call it, how they begin, how they call a member
_EXTENDED = {
    "object_type_extension": ("type", "Object type", "field"),
    "input_object_type_extension": ("input", "Input object type", "field"),
    "interface_type_extension": ("interface", "Interface type", "field"),
    "union_type_extension": ("union", "Union type", "type"),
    "enum_type_extension": ("enum", "Enum type", "value"),
}
#: Directives that fields of extended root types may bear.
_ON_ROOT_FIELDS = ("auth", "function", "http")


def check_targets(tree: ast.DocumentNode, file: str) -> None:
    """Refuse an extension of what is not defined, and one that defines a member again."""
    members: dict[str, set[str]] = {}
    for node in _definitions(tree, "_definition"):
        members.setdefault(node.name.value, set()).update(_members(node))
    for node in _definitions(tree, "_extension"):
        if node.kind not in _EXTENDED:
            continue
        kind, titled, member = _EXTENDED[node.kind]
        known = members.get(node.name.value)
        if known is None:
            _refuse(f"Cannot extend nonexistent {kind} '{node.name.value}'.", node, file)
        for name in _members(node):
            if name in known:
                _refuse(f"{titled} extension '{node.name.value}' cannot redeclare {member} {name}", node, file)
        known.update(_members(node))


def check_directives(tree: ast.DocumentNode, file: str, roots: Collection[str]) -> None:
    """Refuse the transformer's directives on extensions of types, and most of them on their fields."""
    for node in _definitions(tree, "object_type_extension"):
        for directive in _own(node):
            _refuse(
                "Directives are not supported on object or interface extensions. See the "
                f"'@{directive.name.value}' directive on '{node.name.value}'",
                directive,
                file,
            )
        for field in node.fields or ():
            for directive in _own(field):
                _check_field(node, field, directive, file, roots)


def _check_field(node: Any, field: Any, directive: Any, file: str, roots: Collection[str]) -> None:
    name = directive.name.value
    if name not in _ON_ROOT_FIELDS:
        _refuse(f"The '@{name}' directive is not supported on fields of extended types", directive, file)
    if node.name.value not in roots:
        _refuse(
            f"The '@{name}' directive cannot be used on fields of type extensions other than 'Query', 'Mutation', "
            f"and 'Subscription'. See {node.name.value}.{field.name.value}",
            directive,
            file,
        )


def _own(node: Any) -> list[Any]:
    return [item for item in node.directives or () if item.name.value not in KEPT_DIRECTIVES]


def _definitions(tree: ast.DocumentNode, ending: str) -> list[Any]:
    return [node for node in tree.definitions if node.kind.endswith(ending) and getattr(node, "name", None)]


def _members(node: Any) -> list[str]:
    for part in ("fields", "types", "values"):
        found = getattr(node, part, None)
        if found:
            return [item.name.value for item in found]
    return []


def _refuse(message: str, node: Any, file: str) -> NoReturn:
    place = node.loc.start_token
    raise ProjectError(message, file=file, line=place.line, column=place.column)
