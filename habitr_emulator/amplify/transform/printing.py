"""``Document`` -> SDL text."""

from collections.abc import Iterable

from habitr_emulator.amplify.transform.document import Argument, Directive, Document, Field, Type

#: What AppSync knows; the transformer's own directives are not printed.
KEPT_DIRECTIVES = frozenset(
    {
        "aws_subscribe",
        "aws_auth",
        "aws_api_key",
        "aws_iam",
        "aws_oidc",
        "aws_cognito_user_pools",
        "aws_lambda",
        "deprecated",
    }
)


def print_sdl(document: Document) -> str:
    """The schema as AppSync takes it: AWS scalars and directives undeclared."""
    parts = [_type(found) for found in document.types.values()]
    renamed = {kind: name for kind, name in document.roots.items() if name != kind.capitalize()}
    if renamed:
        roots = "\n".join(f"  {kind}: {name}" for kind, name in document.roots.items() if name in document.types)
        parts.insert(0, f"schema {{\n{roots}\n}}")
    return "\n\n".join(part for part in parts if part) + "\n"


def _type(found: Type) -> str:
    head = found.name + _directives(found.directives)
    match found.kind:
        case "scalar":
            return f"scalar {head}"
        case "union":
            return f"union {head} = {' | '.join(found.members)}"
        case "enum":
            lines = [f"  {value}{_directives(directives)}" for value, directives in found.values.items()]
            return f"enum {head} {{\n" + "\n".join(lines) + "\n}"
        case _:
            interfaces = f" implements {' & '.join(found.interfaces)}" if found.interfaces else ""
            head = found.name + interfaces + _directives(found.directives)
            lines = [f"  {_field(item)}" for item in found.fields.values()]
            return f"{found.kind} {head} {{\n" + "\n".join(lines) + "\n}" if lines else ""


def _field(item: Field) -> str:
    default = "" if item.default is None else f" = {item.default}"
    return f"{item.name}{_arguments(item.arguments.values())}: {item.type}{default}{_directives(item.directives)}"


def _arguments(items: Iterable[Argument]) -> str:
    printed = ", ".join(
        f"{item.name}: {item.type}"
        + ("" if item.default is None else f" = {item.default}")
        + _directives(item.directives)
        for item in items
    )
    return f"({printed})" if printed else ""


def _directives(items: Iterable[Directive]) -> str:
    unique = dict.fromkeys(item.text for item in items if item.name in KEPT_DIRECTIVES)
    return "".join(f" {text}" for text in unique)
