"""``@key``: a model's primary key (unnamed) or a secondary index with, perhaps, a query (named).

https://docs.amplify.aws/cli-legacy/graphql-transformer/key/
"""

from typing import Any

from habitr_emulator.amplify.transform import primary_key
from habitr_emulator.amplify.transform.document import (
    Argument,
    Directive,
    Field,
    Type,
    arguments,
    base,
    non_null,
)
from habitr_emulator.amplify.transform.transformation import Key, Model, Transformation
from habitr_emulator.amplify.transform.v1 import model as models
from habitr_emulator.amplify.transform.v1 import names


def read(transformation: Transformation, owner: Type, directive: Directive) -> None:
    """Give the model a key. Raises ProjectError for what cannot be one."""
    model = transformation.models.get(owner.name)
    if model is None:
        transformation.refuse(
            "The @key directive may only be added to object definitions annotated with @model.", directive
        )
    name, given = directive.arguments.get("name"), directive.arguments
    fields = _fields(directive)
    if not fields:
        transformation.refuse(f"@key on type '{owner.name}' needs at least one field.", directive)
    for peer in (found for found in owner.directives if found.name == "key" and found is not directive):
        _check_peer(transformation, owner, (directive, fields, name), peer.arguments, _fields(peer))
    if not name and given.get("queryField"):
        transformation.refuse(
            f"You cannot pass 'queryField' to the primary @key on type '{owner.name}'.", directive
        )
    for field in fields:
        _check_field(transformation, model, directive, field)
    if name:
        model.indexes.append(Key(fields[0], fields[1:], name, given.get("queryField")))
    else:
        model.key, model.custom_key = Key(fields[0], fields[1:]), True


def _fields(directive: Directive) -> tuple[str, ...]:
    given = directive.arguments.get("fields") or ()
    return (given,) if isinstance(given, str) else tuple(given)


def _check_peer(
    transformation: Transformation,
    owner: Type,
    own: tuple[Directive, tuple[str, ...], str | None],
    peer: dict[str, Any],
    peer_fields: tuple[str, ...],
) -> None:
    directive, fields, name = own
    if name:
        if peer.get("name") == name:
            transformation.refuse(
                f"You may only supply one @key with the name '{name}' on type '{owner.name}'.", directive
            )
    elif not peer.get("name"):
        transformation.refuse(f"You may only supply one primary @key on type '{owner.name}'.", directive)
    elif len(fields) == 1 and fields[0] == peer_fields[0]:
        transformation.refuse(
            f"Invalid @key \"{peer['name']}\". You may not create a @key where the first field in 'fields' is the "
            "same as that of the primary @key unless the primary @key has multiple 'fields'. You cannot have a "
            "local secondary index without a sort key in the primary index.",
            directive,
        )


def _check_field(transformation: Transformation, model: Model, directive: Directive, name: str) -> None:
    found = model.declared.get(name)
    if found is None:
        key = directive.arguments.get("name") or "<unnamed>"
        transformation.refuse(
            f"You cannot specify a nonexistent field '{name}' in @key '{key}' on type '{model.name}'.", directive
        )
    if not directive.arguments.get("name") and not non_null(found.type):
        transformation.refuse(
            f"The primary @key on type '{model.name}' must reference non-null fields.", directive
        )
    if not transformation.is_scalar_or_enum(found.type):
        transformation.refuse(f"Expected scalar and got {base(found.type)}", directive)
    if base(found.type) == "Boolean":
        transformation.refuse("Boolean values cannot be used as sort keys.", directive)


def write(transformation: Transformation, model: Model) -> None:
    """Change what ``@model`` made for ``id``, and add the queries of the indexes."""
    if model.custom_key:
        primary_key.write(transformation, model)
        condition = transformation.document.types.get(names.condition_input(model.name))
        for name in model.key.fields if condition else ():
            assert condition is not None
            condition.fields.pop(name, None)
    for key in model.indexes:
        if key.query:
            _write_query(transformation, model, key)
        if not key.implicit:
            primary_key.add_sort_inputs(transformation, model, key)


def _write_query(transformation: Transformation, model: Model, key: Key) -> None:
    """Unlike version 2's, the hash argument may be left out."""
    assert key.query is not None
    given = {
        key.hash: Argument(key.hash, base(model.declared[key.hash].type)),
        **primary_key.sort_argument(transformation, model, key),
        **arguments(
            ("sortDirection", "ModelSortDirection"),
            ("filter", names.filter_input(model.name)),
            ("limit", "Int"),
            ("nextToken", "String"),
        ),
    }
    found = Field(key.query, names.connection(model.name), given)
    transformation.add_operation("query", found, model.output)
    models.add_page(transformation, model)
