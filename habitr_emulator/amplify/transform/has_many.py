"""``@hasMany``: a field that pages through related models, found by an index on their type."""

from habitr_emulator.amplify.transform import model as models
from habitr_emulator.amplify.transform import names, primary_key, relations
from habitr_emulator.amplify.transform.document import Directive, Field, Type, arguments, is_list, non_null
from habitr_emulator.amplify.transform.transformation import Key, Model, Relation, Transformation


def read(transformation: Transformation, owner: Type, field: Field, directive: Directive) -> None:
    """Check the relation and remember it."""
    if not is_list(field.type):
        transformation.refuse("@hasMany must be used with a list. Use @hasOne for non-list types.", directive)
    relation, related = relations.begin(transformation, owner, field, directive)
    relation.index = directive.arguments.get("indexName")
    relation.limit = directive.arguments.get("limit", 100)
    relations.settle(transformation, owner, relation, directive)
    relations.refuse_mutual(transformation, owner, related, directive)


def write(transformation: Transformation, model: Model, relation: Relation) -> None:
    """Make the field a connection; give the related type a foreign key if the relation names no fields."""
    related = transformation.models[relation.related]
    sort_key = relation.key
    if relation.references:
        sort_key = Key(relation.key.hash)
    elif not relation.fields:
        _add_implicit_key(transformation, model, relation, related)
    given = arguments(
        ("filter", names.filter_input(related.name)),
        ("sortDirection", "ModelSortDirection"),
        ("limit", "Int"),
        ("nextToken", "String"),
    )
    if len(relation.fields) < 2 and sort_key.sort:
        given = {**primary_key.sort_argument(transformation, related, sort_key), **given}
        primary_key.add_sort_inputs(transformation, related, sort_key)
    field = relation.field
    model.output.fields[field.name] = Field(
        field.name, names.connection(related.name), given, field.directives, line=field.line, column=field.column
    )
    models.add_connection(transformation, related)
    models.add_filter(transformation, related, deleted=True)


def _add_implicit_key(transformation: Transformation, model: Model, relation: Relation, related: Model) -> None:
    field = relation.field
    attributes = relations.foreign_key_names(transformation, model.name, field.name, model.key)
    relations.add_foreign_key(transformation, related, attributes, model, non_null(field.type))
    relations.add_to_subscription_filter(transformation, model, attributes, model)
    relation.local = model.key.fields
    if relation.index is None:
        relation.index = f"gsi-{model.name}.{field.name}"
        respected = transformation.flags.respectprimarykeyattributesonconnectionfield
        sort = attributes[1:] if respected else ()
        relation.key = Key(attributes[0], sort, relation.index, implicit=True)
        if all(index.name != relation.index for index in related.indexes):
            related.indexes.append(relation.key)
