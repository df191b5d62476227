"""What ``@hasOne``, ``@hasMany``, ``@belongsTo`` and ``@manyToMany`` share: checks, and implicit foreign keys.

https://docs.amplify.aws/gen1/javascript/build-a-backend/graphqlapi/relationships/
"""

from collections.abc import Iterator

from habitr_emulator.amplify.transform import inputs, names, references
from habitr_emulator.amplify.transform.document import Directive, Field, Type, base
from habitr_emulator.amplify.transform.transformation import Key, Model, Relation, Transformation

#: The text of an ``@hasMany`` that stands for an ``@manyToMany``; its type may have an undeclared id.
MANY_TO_MANY = "@manyToMany"
#: What marks the join type of an ``@manyToMany``.
JOINED = Directive("model", "@model")


def begin(
    transformation: Transformation, owner: Type, field: Field, directive: Directive
) -> tuple[Relation, Model]:
    """A relation with its explicit fields checked, and the related model."""
    related = transformation.models.get(base(field.type))
    if related is None:
        transformation.refuse(f"Object type {base(field.type)} must be annotated with @model.", directive)
    referred = references.given(transformation, field, directive)
    fields = () if referred else _given_fields(transformation, owner, directive)
    model = transformation.models.get(owner.name)
    if model is None:
        transformation.refuse(f"@{directive.name} must be on an @model object type field.", directive)
    relation = Relation(directive.name, field, related.name, fields, referred or ())
    model.relations[field.name] = relation
    return relation, related


def settle(transformation: Transformation, owner: Type, relation: Relation, directive: Directive) -> None:
    """Give the relation its key and this side's attributes. Raises ProjectError."""
    model, related = transformation.models[owner.name], transformation.models[relation.related]
    if relation.references:
        references.read(transformation, model, relation, directive, related)
        return
    relation.key = related_key(transformation, model, relation, related, directive)
    relation.local = relation.fields


def refuse_mutual(transformation: Transformation, owner: Type, related: Model, directive: Directive) -> None:
    """DataStore cannot sync two models that own each other."""
    joins = any(found.directive("model") == JOINED for found in (owner, related.output))
    if not transformation.conflict or related.name == owner.name or joins:
        return
    for field in related.declared.values():
        if base(field.type) == owner.name and (field.directive("hasOne") or field.directive("hasMany")):
            transformation.refuse(
                f"{owner.name} and {related.name} cannot refer to each other via @hasOne or @hasMany when "
                "DataStore is in use. Use @belongsTo instead. See "
                "https://docs.amplify.aws/cli/graphql/data-modeling/#belongs-to-relationship",
                directive,
            )


def _given_fields(transformation: Transformation, owner: Type, directive: Directive) -> tuple[str, ...]:
    given = directive.arguments.get("fields")
    if given is None:
        return ()
    fields = (given,) if isinstance(given, str) else tuple(given)
    if not fields:
        transformation.refuse(f"No fields passed to @{directive.name} directive.", directive)
    for name in fields:
        if name == "id" and directive.text == MANY_TO_MANY:
            continue
        if name not in owner.fields:
            transformation.refuse(f"{name} is not a field in {owner.name}", directive)
        if not transformation.is_scalar_or_enum(owner.fields[name].type):
            transformation.refuse(
                f"All fields provided to @{directive.name} must be scalar or enum fields.", directive
            )
    return fields


def related_key(
    transformation: Transformation, model: Model, relation: Relation, related: Model, directive: Directive
) -> Key:
    """The key of the related model that the relation's fields must match: its index, or its primary key."""
    key = related.key
    if relation.index:
        found = [index for index in related.indexes if index.name == relation.index and not index.implicit]
        if not found:
            transformation.refuse(f"Index {relation.index} does not exist for model {related.name}", directive)
        key = found[0]
    if not relation.fields:
        return key
    if len(relation.fields) > 1 and len(relation.fields) != len(key.fields):
        transformation.refuse(
            f"Invalid @{directive.name} directive on {relation.field.name}. Partial sort keys are not accepted.",
            directive,
        )
    for own, theirs in zip(relation.fields, key.fields, strict=False):
        wanted = base(transformation.key_field(related, theirs).type)
        if base(transformation.key_field(model, own).type) != wanted:
            transformation.refuse(f"{own} field is not of type {wanted}", directive)
    return key


def check_key_types(transformation: Transformation, model: Model, relation: Relation) -> None:
    """Amplify cannot read an enum from the source for a key, nor sort a page by one: it refuses both."""
    if relation.kind == "hasMany":
        related, sort = transformation.models[relation.related], relation.key.sort
        read = [related.declared.get(sort[0])] if len(sort) == 1 and len(relation.fields) < 2 else []
    else:
        single = relation.local if len(relation.key.sort) < 2 else relation.local[:1]
        read = [model.output.fields.get(name) for name in single]
    for field in read:
        if field is not None and transformation.document.is_enum(base(field.type)):
            transformation.refuse(f"Expected scalar and got {base(field.type)}", relation.field)


def foreign_key_names(transformation: Transformation, owner: str, field: str, key: Key) -> tuple[str, ...]:
    """The attributes of an implicit foreign key: ``blogPostsId``, and one for each sort field."""
    respected = transformation.flags.respectprimarykeyattributesonconnectionfield
    hashed = names.camel((owner, field, key.hash if respected else "id"))
    return (hashed, *(names.camel((owner, field, name)) for name in key.sort))


def add_foreign_key(
    transformation: Transformation, holder: Model, attributes: tuple[str, ...], parent: Model, required: bool
) -> None:
    """Append the attributes, which refer to ``parent``'s key, to the holder's type and inputs."""
    types = transformation.document.types
    for name, kind in zip(attributes, _types(transformation, parent), strict=True):
        if name in holder.output.fields:
            continue
        holder.foreign_keys.append(name)
        mark = "!" if required else ""
        holder.output.fields[name] = Field(name, kind + mark)
        _append(types.get(names.mutation_input("create", holder.name)), name, kind + mark)
        _append(types.get(names.mutation_input("update", holder.name)), name, kind)
        test = f"Model{inputs.SCALARS.get(kind, kind)}Input"
        _append(types.get(names.filter_input(holder.name, listed=True)), name, test)
        _append(types.get(names.condition_input(holder.name)), name, test)


def writable_foreign_keys(transformation: Transformation, model: Model) -> set[str]:
    """The implicit foreign keys that everybody who may write some field may write. Of a key with several parts
    Amplify forgets those of ``@hasOne`` and ``@belongsTo``: it takes the sort fields of the wrong model.
    """
    found: set[str] = set()
    for other in transformation.models.values():
        for relation in other.relations.values():
            directive = relation.field.directive("hasMany")
            if directive and directive.text != MANY_TO_MANY and relation.related == model.name:
                found.update(foreign_key_names(transformation, other.name, relation.field.name, other.key))
    for relation in model.relations.values():
        if relation.kind != "hasMany" and not relation.fields and _holds_key(transformation, model, relation):
            related = transformation.models[relation.related]
            field = relation.field.name
            found.add(foreign_key_names(transformation, model.name, field, related.key)[0])
            found.update(names.camel((model.name, field, name)) for name in model.key.sort)
    return found


def _holds_key(transformation: Transformation, model: Model, relation: Relation) -> bool:
    related = transformation.models[relation.related]
    return relation.kind == "hasOne" or any(
        base(field.type) == model.name and field.directive("hasOne") for field in related.declared.values()
    )


def add_to_subscription_filter(
    transformation: Transformation, model: Model, attributes: tuple[str, ...], parent: Model
) -> None:
    """The subscription filter of the type that bears the directive also tests the foreign key."""
    made = transformation.document.types.get(names.subscription_filter(model.name))
    for name, kind in zip(attributes, _types(transformation, parent), strict=True):
        _append(made, name, f"ModelSubscription{inputs.SCALARS.get(kind, 'String')}Input")


def _types(transformation: Transformation, parent: Model) -> Iterator[str]:
    respected = transformation.flags.respectprimarykeyattributesonconnectionfield
    yield base(transformation.key_field(parent, parent.key.hash).type) if respected else "ID"
    for name in parent.key.sort:
        yield base(transformation.key_field(parent, name).type)


def _append(made: Type | None, name: str, kind: str) -> None:
    if made is not None:
        made.fields.setdefault(name, Field(name, kind))
