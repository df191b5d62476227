"""The sandbox: one global rule that opens models without rules of their own to the API key.

https://docs.amplify.aws/gen1/javascript/build-a-backend/graphqlapi/customize-authorization-rules/
"""

from collections.abc import Iterable

from habitr_emulator.amplify.transform import model as models
from habitr_emulator.amplify.transform.document import Directive, Field, bare, base
from habitr_emulator.amplify.transform.transformation import Model, Transformation


def write(transformation: Transformation, model: Model) -> None:
    """Open a model without rules of its own to the API key, if the sandbox is on."""
    if model.access or not transformation.sandbox or transformation.providers[0] == "apiKey":
        return
    directive = bare("aws_api_key")
    for _, _, field in models.operations(transformation, model):
        field.directives.append(directive)
        transformation.add_directives(base(field.type), [directive])
    transformation.add_directives(model.name, [directive])
    _open_nested(transformation, model.declared.values(), directive, set())


def _open_nested(
    transformation: Transformation, fields: Iterable[Field], directive: Directive, seen: set[str]
) -> None:
    for field in fields:
        nested = transformation.document.types.get(base(field.type))
        if nested and nested.kind == "type" and nested.name not in transformation.models | dict.fromkeys(seen):
            seen.add(nested.name)
            nested.directives.append(directive)
            _open_nested(transformation, nested.fields.values(), directive, seen)
