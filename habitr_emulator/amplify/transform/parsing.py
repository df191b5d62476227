"""SDL text -> ``Document``, with every definition's place in the file."""

from typing import Any

from graphql import GraphQLSyntaxError, Source, parse
from graphql import print_ast as print_node
from graphql.language import ast

from habitr_emulator.amplify.transform.document import Argument, Directive, Document, Field, Kind, Type
from habitr_emulator.amplify.transform.printing import KEPT_DIRECTIVES
from habitr_emulator.amplify.transform.wording import sentence
from habitr_emulator.kernel.errors import ProjectError

_KINDS: dict[str, Kind] = {
    "object": "type",
    "interface": "interface",
    "union": "union",
    "enum": "enum",
    "input_object": "input",
    "scalar": "scalar",
}


def parse_schema(text: str, file: str) -> tuple[Document, ast.DocumentNode]:
    """The document and graphql-core's own tree (for validation). Raises ProjectError with line and column."""
    try:
        tree = parse(Source(text, file))
    except GraphQLSyntaxError as error:
        place = error.locations[0] if error.locations else None
        raise ProjectError(
            sentence(error.message),
            file=file,
            line=place.line if place else 0,
            column=place.column if place else 0,
        ) from error
    document = Document()
    for node in tree.definitions:
        _define(document, node)
    return document, tree


def _define(document: Document, node: Any) -> None:
    if node.kind in ("schema_definition", "schema_extension"):
        for root in node.operation_types or ():
            document.roots[root.operation.value] = root.type.name.value
        return
    kind = _KINDS.get(node.kind.removesuffix("_type_definition").removesuffix("_type_extension"))
    if kind is None:
        return
    name = node.name.value
    found = document.types.get(name)
    if found is None:
        found = document.types[name] = Type(kind, name, **_place(node))
    found.directives.extend(_directives(node))
    found.fields.update((item.name.value, _field(item)) for item in getattr(node, "fields", None) or ())
    found.values.update((item.name.value, _directives(item)) for item in getattr(node, "values", None) or ())
    found.members.extend(item.name.value for item in getattr(node, "types", None) or ())
    found.interfaces.extend(item.name.value for item in getattr(node, "interfaces", None) or ())


def _field(node: Any) -> Field:
    return Field(
        node.name.value,
        _type(node.type),
        {item.name.value: _argument(item) for item in getattr(node, "arguments", None) or ()},
        _directives(node),
        _default(node),
        **_place(node),
    )


def _argument(node: Any) -> Argument:
    return Argument(node.name.value, _type(node.type), _default(node), _directives(node))


def _default(node: Any) -> str | None:
    value = getattr(node, "default_value", None)
    return None if value is None else print_node(value)


def _directives(node: Any) -> list[Directive]:
    return [
        Directive(
            item.name.value,
            print_node(item) if item.arguments and item.name.value in KEPT_DIRECTIVES else f"@{item.name.value}",
            {argument.name.value: value_of(argument.value) for argument in item.arguments or ()},
            **_place(item),
            offset=item.loc.start,
        )
        for item in node.directives or ()
    ]


def _place(node: Any) -> dict[str, Any]:
    token = node.loc.start_token
    return {"line": token.line, "column": token.column}


def _type(node: Any) -> str:
    if node.kind == "named_type":
        return str(node.name.value)
    inner = _type(node.type)
    return f"[{inner}]" if node.kind == "list_type" else f"{inner}!"


def value_of(node: Any) -> Any:
    """A literal as Python: lists, dicts, numbers; enums as strings; null as None."""
    match node.kind:
        case "null_value":
            return None
        case "list_value":
            return [value_of(item) for item in node.values]
        case "object_value":
            return {item.name.value: value_of(item.value) for item in node.fields}
        case "int_value":
            return int(node.value)
        case "float_value":
            return float(node.value)
        case _:
            return node.value
