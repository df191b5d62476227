"""From an annotated schema to AppSync's: every directive's ``read``, then every directive's ``write``."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from habitr_emulator.amplify.transform import (
    auth,
    belongs_to,
    default,
    function,
    has_many,
    has_one,
    http,
    index,
    inputs,
    many_to_many,
    maps_to,
    model,
    predictions,
    primary_key,
    relations,
    sandbox,
    searchable,
    sql_only,
)
from habitr_emulator.amplify.transform.document import Directive, Document, Field, Type
from habitr_emulator.amplify.transform.function import FunctionCall
from habitr_emulator.amplify.transform.http import HttpCall
from habitr_emulator.amplify.transform.transformation import Transformation

#: The input that switches the sandbox on; it is not part of the API.
_GLOBAL_RULE = "AMPLIFY"

_FieldReader = Callable[[Transformation, Type, Field, Directive], None]
_RELATIONS: dict[str, _FieldReader] = {
    "hasMany": has_many.read,
    "hasOne": has_one.read,
    "belongsTo": belongs_to.read,
}


@dataclass(slots=True)
class CustomFields:
    """Fields that ``@function``, ``@http`` and ``@predictions`` answer, by (type, field)."""

    functions: dict[tuple[str, str], list[FunctionCall]] = field(default_factory=dict)
    http: dict[tuple[str, str], HttpCall] = field(default_factory=dict)
    predictions: list[tuple[str, str]] = field(default_factory=list)


def expand(transformation: Transformation) -> CustomFields:
    """Turn the document into AppSync's, in place. Raises ProjectError as the transformer refuses."""
    document = transformation.document
    _take_global_rule(transformation)
    for found, directive in on_types(document, "model"):
        model.read(transformation, found, directive)
    for joined in _read_keys(transformation):
        transformation.models[joined.name].join = True
    for found, directive in on_types(document, "auth"):
        auth.read_type(transformation, found, directive)
    for found, item, directive in on_fields(document, "auth"):
        auth.read_field(transformation, found, item, directive)
    custom = read_custom(transformation)
    _write(transformation)
    return custom


def _take_global_rule(transformation: Transformation) -> None:
    found = transformation.document.types.pop(_GLOBAL_RULE, None)
    if found is not None and "globalAuthRule" in found.fields:
        transformation.sandbox = "public" in (found.fields["globalAuthRule"].default or "")


def on_types(document: Document, name: str) -> Iterator[tuple[Type, Directive]]:
    """The types that bear a directive."""
    for found in list(document.types.values()):
        for directive in [item for item in found.directives if item.name == name]:
            yield found, directive


def on_fields(document: Document, name: str) -> Iterator[tuple[Type, Field, Directive]]:
    """The fields that bear a directive."""
    for found in list(document.types.values()):
        for item in list(found.fields.values()):
            for directive in [given for given in item.directives if given.name == name]:
                yield found, item, directive


def _read_keys(transformation: Transformation) -> list[Type]:
    """Keys, relations and defaults; returns the join types of ``@manyToMany``."""
    document = transformation.document
    for found, item, directive in on_fields(document, "primaryKey"):
        primary_key.read(transformation, found, item, directive)
    joined = many_to_many.expand(transformation)
    for made in joined:
        model.read(transformation, made, made.directives[0])
    for found, item, directive in on_fields(document, "index"):
        index.read(transformation, found, item, directive)
    for found, directive in on_types(document, "searchable"):
        searchable.read(transformation, found, directive)
    for found, directive in on_types(document, "mapsTo"):
        maps_to.read(transformation, found, directive)
    for name, read in _RELATIONS.items():
        for found, item, directive in on_fields(document, name):
            read(transformation, found, item, directive)
    for found, item, directive in on_fields(document, "default"):
        default.read(transformation, found, item, directive)
    for found, directive in on_types(document, "refersTo"):
        sql_only.refuse_type(transformation, found, directive)
    for name, refuse in (("refersTo", sql_only.refuse_field), ("sql", sql_only.refuse_statement)):
        for found, item, directive in on_fields(document, name):
            refuse(transformation, found, item, directive)
    return joined


def read_custom(transformation: Transformation) -> CustomFields:
    """The fields that functions, HTTP endpoints and predictions answer."""
    custom, document = CustomFields(), transformation.document
    for found, item, directive in on_fields(document, "function"):
        custom.functions.setdefault((found.name, item.name), []).append(function.read(directive))
    for found, item, directive in on_fields(document, "http"):
        custom.http[found.name, item.name] = http.read(transformation, found, item, directive)
    for found, item, directive in on_fields(document, "predictions"):
        predictions.read(transformation, found, item, directive)
        custom.predictions.append((found.name, item.name))
    return custom


def _write(transformation: Transformation) -> None:
    models = list(transformation.models.values())
    inputs.add_shared(transformation.document)
    for found in models:
        model.write(transformation, found)
        sandbox.write(transformation, found)
    for found in models:
        if found.custom_key:
            primary_key.write(transformation, found)
        for key in [key for key in found.indexes if not key.implicit]:
            index.write(transformation, found, key)
        if transformation.synced(found.name):
            model.write_versions(transformation, found)
    for name, write in (("hasMany", has_many.write), ("hasOne", has_one.write), ("belongsTo", belongs_to.write)):
        for found in models:
            for relation in found.relations.values():
                if relation.kind == name:
                    write(transformation, found, relation)
    for found in models:
        if found.output.directive("searchable"):
            searchable.write(transformation, found)
    auth.write(transformation)
    for found in models:
        primary_key.check_attributes(transformation, found)
    for found in models:
        for relation in found.relations.values():
            relations.check_key_types(transformation, found, relation)
    for found in models:
        auth.check_relations(transformation, found)
        auth.check_required_fields(transformation, found)
