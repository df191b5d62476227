"""``@connection``: a field that holds one related model, or pages through many.

With ``fields`` the source's own attributes are the key; without, an attribute of the inputs alone holds it, on the
side that refers to one.  https://docs.amplify.aws/cli-legacy/graphql-transformer/connection/
"""

from habitr_emulator.amplify.transform import names as all_names
from habitr_emulator.amplify.transform import primary_key
from habitr_emulator.amplify.transform.document import (
    Directive,
    Field,
    Type,
    arguments,
    base,
    is_list,
    non_null,
)
from habitr_emulator.amplify.transform.transformation import Key, Model, Relation, Transformation
from habitr_emulator.amplify.transform.v1 import model as models
from habitr_emulator.amplify.transform.v1 import names


def read(transformation: Transformation, owner: Type, field: Field, directive: Directive) -> None:
    """Check the connection and remember it. Raises ProjectError."""
    model = transformation.models.get(owner.name)
    if model is None:
        transformation.refuse("@connection must be on an @model object type field.", directive)
    found = transformation.document.types.get(base(field.type))
    if found is None or found.kind != "type":
        transformation.refuse(f"Could not find an object type named {base(field.type)}.", directive)
    related = transformation.models.get(found.name)
    if related is None:
        transformation.refuse(f"Object type {base(field.type)} must be annotated with @model.", directive)
    kind = "hasMany" if is_list(field.type) else "hasOne"
    relation = Relation(kind, field, related.name, limit=directive.arguments.get("limit") or 100)
    model.relations[field.name] = relation
    if "fields" in directive.arguments:
        _read_fields(transformation, model, relation, related, directive)
    else:
        _read_named(transformation, model, relation, related, directive)


def _read_fields(
    transformation: Transformation, model: Model, relation: Relation, related: Model, directive: Directive
) -> None:
    """The source's ``fields`` are the related primary key, or that of ``keyName``."""
    given = directive.arguments.get("fields") or ()
    fields = (given,) if isinstance(given, str) else tuple(given)
    if not fields:
        transformation.refuse("No fields passed in to @connection directive.", directive)
    for name in fields:
        if name not in model.output.fields:
            transformation.refuse(f"{name} is not a field in {model.name}", directive)
        if not transformation.is_scalar_or_enum(model.output.fields[name].type):
            transformation.refuse(
                "All fields provided to an @connection must be scalar or enum fields.", directive
            )
    relation.fields = relation.local = fields
    relation.index = directive.arguments.get("keyName")
    relation.key = _related_key(transformation, relation, related, directive)
    _check_against_key(transformation, model, relation, related, directive)


def _related_key(transformation: Transformation, relation: Relation, related: Model, directive: Directive) -> Key:
    if not relation.index:
        return related.key
    found = next((key for key in related.indexes if key.name == relation.index), None)
    if found is None:
        transformation.refuse(f"Key {relation.index} does not exist for model {related.name}", directive)
    return found


def _check_against_key(
    transformation: Transformation, model: Model, relation: Relation, related: Model, directive: Directive
) -> None:
    fields, key = relation.fields, relation.key
    for place, (own, theirs) in enumerate(zip(fields, key.fields, strict=False)):
        for holder, name in ((related, theirs), (model, own)):
            if name not in holder.declared:
                transformation.refuse(f"{name} is not defined in {holder.name}.", directive)
        wanted = base(transformation.key_field(related, theirs).type)
        if base(transformation.key_field(model, own).type) != wanted:
            transformation.refuse(f"{own} field is not of type {wanted}", directive)
        if place == 0 and len(fields) > 1 and not key.sort:
            transformation.refuse("Too many fields passed in to @connection directive.", directive)
        if place == 0 and len(fields) > 1 and len(fields) != len(key.fields):
            transformation.refuse(
                f"Invalid @connection directive  {relation.field.name}. fields does not accept partial sort key",
                directive,
            )
    if relation.index and relation.kind == "hasOne":
        transformation.refuse(
            f"Connection is to a single object but the keyName {relation.index} was provided which does not "
            "reference the default table.",
            directive,
        )


def _read_named(
    transformation: Transformation, model: Model, relation: Relation, related: Model, directive: Directive
) -> None:
    """The foreign key lies with the side that refers to one; the other side, if there is one, has the name too."""
    given, field = directive.arguments, relation.field
    other = _other_side(related, field, given.get("name"))
    if given.get("name") and other is None:
        transformation.refuse(
            f'Found one half of connection "{given["name"]}" at {model.name}.{field.name} but no related field on '
            f"type {related.name}",
            directive,
        )
    name = given.get("name") or f"{model.name}.{field.name}"
    many = relation.kind == "hasMany"
    if many and other is not None and is_list(other.type):
        transformation.refuse(
            f"Invalid Connection ({name}): Many to Many connections are not yet supported.", directive
        )
    if not many:
        attribute = given.get("keyField") or all_names.camel((model.name, field.name, "id"))
        relation.local, relation.key = (attribute,), related.key
        if other is None or not is_list(other.type):
            relation.local += _sorted_by(transformation, model, related, directive)
        return
    relation.local = (model.key.hash,)
    _read_many(transformation, model, relation, (related, other), (name, directive))


def _read_many(
    transformation: Transformation,
    model: Model,
    relation: Relation,
    other_side: tuple[Model, Field | None],
    named: tuple[str, Directive],
) -> None:
    (related, other), (name, directive) = other_side, named
    given, field = directive.arguments, relation.field
    stem = (related.name, other.name) if other is not None else (model.name, field.name)
    attribute = given.get("keyField") or all_names.camel((*stem, "id"))
    sort = given.get("sortField") if other is not None else None
    if sort and sort not in related.declared:
        transformation.refuse(
            f'sortField "{sort}" not found on type "{related.name}", other half of connection "{name}".', directive
        )
    relation.index = f"gsi-{name}"
    relation.key = Key(attribute, (sort,) if sort else (), relation.index, implicit=True)
    if all(key.name != relation.index for key in related.indexes):
        related.indexes.append(relation.key)


def _sorted_by(
    transformation: Transformation, model: Model, related: Model, directive: Directive
) -> tuple[str, ...]:
    """The source's attribute that holds the sort part of the related key, if the connection names one."""
    name = directive.arguments.get("sortField")
    if not name:
        return ()
    if not related.key.sort:
        transformation.refuse(
            f'sortField "{name}" requires a primary @key on type "{related.name}" with a sort key that was not '
            "found.",
            directive,
        )
    if name not in model.declared:
        transformation.refuse(f'sortField with name "{name} cannot be found on type: {model.name}', directive)
    theirs = related.key.sort[0]
    if base(transformation.key_field(related, theirs).type) != base(model.declared[name].type):
        transformation.refuse(
            f'sortField "{theirs}" on type "{related.name}" is not matching the type of field "{name}" on type '
            f'"{model.name}"',
            directive,
        )
    return (name,)


def _other_side(related: Model, field: Field, name: str | None) -> Field | None:
    """The field of the related type whose connection has the same name."""
    for found in related.declared.values():
        directive = found.directive("connection")
        if name and found is not field and directive and directive.arguments.get("name") == name:
            return found
    return None


def write(transformation: Transformation, model: Model, relation: Relation) -> None:
    """Make a list a page; give the inputs of the side that refers to one its foreign key."""
    related, field = transformation.models[relation.related], relation.field
    if relation.kind == "hasOne":
        if not relation.fields:
            _add_foreign_key(transformation, model, relation.local[0], required=non_null(field.type))
        return
    if relation.key.implicit:
        _add_foreign_key(transformation, related, relation.key.hash, required=False)
    given = arguments(
        ("filter", names.filter_input(related.name)),
        ("sortDirection", "ModelSortDirection"),
        ("limit", "Int"),
        ("nextToken", "String"),
    )
    if len(relation.local) < 2 and relation.key.sort and _is_sorted(related, relation):
        given = {**primary_key.sort_argument(transformation, related, relation.key), **given}
        primary_key.add_sort_inputs(transformation, related, relation.key)
    model.output.fields[field.name] = Field(
        field.name, names.connection(related.name), given, field.directives, line=field.line, column=field.column
    )
    models.add_page(transformation, related)


def _is_sorted(related: Model, relation: Relation) -> bool:
    """Whether the field takes the sort argument: of a named connection only if the other half says so too."""
    if not relation.key.implicit:
        return True
    directive = relation.field.directive("connection")
    other = _other_side(related, relation.field, directive.arguments.get("name") if directive else None)
    marked = other.directive("connection") if other else None
    return marked is not None and bool(marked.arguments.get("sortField"))


def _add_foreign_key(transformation: Transformation, holder: Model, attribute: str, *, required: bool) -> None:
    types = transformation.document.types
    for verb in ("create", "update"):
        found = types.get(all_names.mutation_input(verb, holder.name))
        if found is not None:
            mark = "!" if required and verb == "create" else ""
            if attribute in found.fields and not mark:
                continue
            found.fields[attribute] = Field(attribute, f"ID{mark}")
