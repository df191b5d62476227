"""``@index``: a secondary index and, with ``queryField``, a query over it.

https://docs.amplify.aws/gen1/javascript/build-a-backend/graphqlapi/data-modeling/#configure-a-secondary-index
"""

import re

from habitr_emulator.amplify.transform import model as models
from habitr_emulator.amplify.transform import names, primary_key
from habitr_emulator.amplify.transform.document import (
    Argument,
    Directive,
    Field,
    Type,
    arguments,
    bare,
    base,
    is_list,
)
from habitr_emulator.amplify.transform.plurals import pluralize
from habitr_emulator.amplify.transform.transformation import Key, Model, Transformation

_NAME = "index"
_INDEX_NAME = re.compile(r"[A-Za-z0-9_.-]{3,255}")


def read(transformation: Transformation, owner: Type, field: Field, directive: Directive) -> None:
    """Add an index to the model. Raises ProjectError for what cannot be an index."""
    sort = primary_key.sort_fields(directive)
    given = directive.arguments
    if "name" in given and given["name"] is None:
        transformation.refuse("Explicit null value not allowed for name field on @index", directive)
    name = given.get("name") or _automatic_name(owner, field, sort)
    query = given.get("queryField")
    if "queryField" not in given and transformation.flags.enableautoindexquerynames:
        query = _automatic_name(owner, field, sort)
    if field.name in sort:
        transformation.refuse(f"@{_NAME} field '{field.name}' cannot reference itself.", directive)
    model = transformation.models.get(owner.name)
    if model is None:
        transformation.refuse(
            f"The @{_NAME} directive may only be added to object definitions annotated with @model.", directive
        )
    _check_peers(transformation, model, field, directive, name)
    _check_fields(transformation, model, field, directive, (name, sort))
    model.indexes.append(Key(field.name, sort, name, query))


def _automatic_name(owner: Type, field: Field, sort: tuple[str, ...]) -> str:
    return names.lower(pluralize(owner.name)) + "By" + "And".join(map(names.upper, (field.name, *sort)))


def _check_peers(
    transformation: Transformation, model: Model, field: Field, directive: Directive, name: str
) -> None:
    for other in model.declared.values():
        for peer in other.directives:
            if peer is directive:
                continue
            if peer.name == "primaryKey" and other is field and not primary_key.sort_fields(peer):
                transformation.refuse(
                    f"Invalid @index '{name}'. You may not create an index where the partition key is the same "
                    "as that of the primary key unless the primary key has a sort field. You cannot have a local "
                    "secondary index without a sort key in the primary key.",
                    directive,
                )
            if peer.name == _NAME and peer.arguments.get("name") == name:
                transformation.refuse(
                    f"You may only supply one @{_NAME} with the name '{name}' on type '{model.name}'.", directive
                )
    if _would_be_local(transformation, model, field) and not primary_key.sort_fields(directive):
        transformation.refuse(
            f"Invalid @index '{name}'. You may not create an index where the partition key is the same as that of "
            "the primary key unless the index has a sort field. You cannot have a local secondary index without a "
            "sort key in the index.",
            directive,
        )


def _would_be_local(transformation: Transformation, model: Model, field: Field) -> bool:
    own = model.custom_key and field.name == model.key.hash
    return own and not transformation.flags.secondarykeyasgsi


def _check_fields(
    transformation: Transformation,
    model: Model,
    field: Field,
    directive: Directive,
    key: tuple[str, tuple[str, ...]],
) -> None:
    name, sort = key
    if not transformation.is_scalar_or_enum(field.type) or is_list(field.type):
        transformation.refuse(
            f"Index '{name}' on type '{model.name}.{field.name}' cannot be a non-scalar.", directive
        )
    for sorted_by in sort:
        found = model.declared.get(sorted_by)
        if found is None:
            transformation.refuse(
                f"Can't find field '{sorted_by}' in {model.name}, but it was specified in index '{name}'.",
                directive,
            )
        if not transformation.is_scalar_or_enum(found.type) or is_list(found.type):
            transformation.refuse(
                f"The sort key of index '{name}' on type '{model.name}.{sorted_by}' cannot be a non-scalar.",
                directive,
            )
    if not _INDEX_NAME.fullmatch(name):
        transformation.refuse(
            "The indexName is invalid. It should be between 3 and 255 characters. Only A–Z, a–z, 0–9, underscore "
            "characters, hyphens, and periods allowed.",
            directive,
        )


def write(transformation: Transformation, model: Model, key: Key) -> None:
    """The query of an index, if it has one, and the inputs of its sort key."""
    if key.query:
        hashed = model.declared[key.hash]
        given = {
            key.hash: Argument(key.hash, f"{base(hashed.type)}!"),
            **primary_key.sort_argument(transformation, model, key),
            **arguments(
                ("sortDirection", "ModelSortDirection"),
                ("filter", names.filter_input(model.name)),
                ("limit", "Int"),
                ("nextToken", "String"),
            ),
        }
        made = Field(key.query, names.connection(model.name), given)
        if not model.access and transformation.sandbox and transformation.providers[0] != "apiKey":
            made.directives.append(bare("aws_api_key"))
        transformation.add_operation("query", made, model.output)
        models.add_filter(transformation, model)
        models.add_connection(transformation, model)
    primary_key.add_sort_inputs(transformation, model, key)
