"""``@model``: a table, its queries, mutations and subscriptions.

https://docs.amplify.aws/gen1/javascript/build-a-backend/graphqlapi/data-modeling/
"""

from collections.abc import Iterable, Iterator
from typing import Any

from habitr_emulator.amplify.transform import inputs, names, subscriptions
from habitr_emulator.amplify.transform.document import (
    Directive,
    Field,
    Type,
    arguments,
    base,
    nullable,
)
from habitr_emulator.amplify.transform.document import inputs as input_type
from habitr_emulator.amplify.transform.subscriptions import Namer
from habitr_emulator.amplify.transform.transformation import Model, Transformation

MUTATIONS = ("create", "update", "delete")
#: Declared timestamp fields of these types are filled in.
_TIME_TYPES = ("AWSDateTime", "String")


def read(
    transformation: Transformation,
    found: Type,
    directive: Directive,
    operation: Namer = names.operation,
    subscription: Namer = names.subscription,
) -> Model:
    """The model that a type declares; ``operation`` and ``subscription`` name what it leaves unnamed. Raises
    ProjectError for a root type.
    """
    if found.name in transformation.document.roots.values():
        transformation.refuse(
            f"'{found.name}' is a reserved type name and currently in use within the default schema element.",
            directive,
        )
    model = Model(found.name, found, dict(found.fields), table=found.name)
    given, deep = directive.arguments, transformation.flags.shoulddeepmergedirectiveconfigdefaults
    verbs = ("get", "list", "sync") if transformation.conflict else ("get", "list")
    model.queries = _chosen(given, "queries", {verb: operation(verb, found.name) for verb in verbs}, deep)
    model.mutations = _chosen(given, "mutations", {verb: operation(verb, found.name) for verb in MUTATIONS}, deep)
    subscriptions.read(model, given, deep, subscription)
    _read_timestamps(model, given)
    transformation.models[found.name] = model
    return model


def _chosen(given: dict[str, Any], name: str, defaults: dict[str, str], deep: bool) -> dict[str, str]:
    if name not in given:
        return defaults
    value = given[name]
    if value is None:
        return {}
    merged = {**defaults, **value} if deep else value
    return {verb: chosen for verb, chosen in merged.items() if chosen}


def _read_timestamps(model: Model, given: dict[str, Any]) -> None:
    value = given.get("timestamps", {})
    if value is None:
        model.created = model.updated = ""
        return
    model.created = value.get("createdAt", "createdAt") or ""
    model.updated = value.get("updatedAt", "updatedAt") or ""
    model.timed = tuple(
        name
        for name in (model.created, model.updated)
        if name and (name not in model.declared or base(model.declared[name].type) in _TIME_TYPES)
    )


def check_names(transformation: Transformation, model: Model) -> None:
    """Every operation of a model has a resolver of its own, so none may share its name."""
    roots = transformation.document.roots
    heard = [name for chosen in model.subscriptions.values() for name in chosen]
    for kind, chosen in (
        ("query", list(model.queries.values())),
        ("mutation", list(model.mutations.values())),
        ("subscription", heard),
    ):
        for name in (name for name in chosen if chosen.count(name) > 1):
            transformation.refuse(
                f"A resolver for typeName {roots[kind]} fieldName: {name} already exists", model.output
            )


def write(transformation: Transformation, model: Model) -> None:
    """Everything that ``@model`` adds to the schema, before keys, relations and auth change it."""
    if transformation.conflict and "_version" in model.declared:
        transformation.refuse(
            f"type {names.mutation_input('create', model.name)} has already a field with name _version",
            model.declared["_version"],
        )
    check_names(transformation, model)
    add_automatic_fields(model)
    add_nested_inputs(transformation, model.declared.values())
    _write_queries(transformation, model)
    _write_mutations(transformation, model)
    subscriptions.write(transformation, model)


def add_automatic_fields(model: Model) -> None:
    """The id and the timestamps that the type does not declare."""
    if "id" not in model.declared and not model.custom_key:
        model.output.fields["id"] = Field("id", "ID!")
    for name in (model.created, model.updated):
        if name and name not in model.output.fields:
            model.output.fields[name] = Field(name, "AWSDateTime!")


def add_nested_inputs(transformation: Transformation, fields: Iterable[Field]) -> None:
    """``S3Object`` -> ``S3ObjectInput``, and so on inwards."""
    for field in fields:
        nested = transformation.document.types.get(base(field.type))
        if nested is None or nested.kind != "type" or nested.name in transformation.models:
            continue
        name = f"{names.upper(nested.name)}Input"
        if name not in transformation.document.types:
            made = transformation.document.types[name] = Type("input", name)
            made.fields = {item.name: item for item in _input_fields(transformation, nested.fields.values())}
            add_nested_inputs(transformation, nested.fields.values())


def _input_fields(transformation: Transformation, fields: Iterable[Field]) -> Iterator[Field]:
    """Fields as an input has them; relations and unions are left out."""
    for field in fields:
        named = base(field.type)
        found = transformation.document.types.get(named)
        if transformation.is_scalar_or_enum(field.type) or (found and found.kind in ("scalar", "input")):
            yield Field(field.name, field.type)
        elif found and found.kind == "type" and named not in transformation.models:
            yield Field(field.name, field.type.replace(named, f"{names.upper(named)}Input"))


def add_connection(transformation: Transformation, model: Model) -> None:
    """``Model<T>Connection``, unless something else made it already."""
    made = Type("type", names.connection(model.name))
    made.fields = {"items": Field("items", f"[{model.name}]!"), "nextToken": Field("nextToken", "String")}
    if transformation.conflict:
        made.fields["startedAt"] = Field("startedAt", "AWSTimestamp")
    transformation.add(made)


def add_filter(transformation: Transformation, model: Model, *, automatic: bool = True) -> None:
    """``Model<T>FilterInput``; ``automatic`` adds ``id`` and the timestamps, as only list queries do."""
    name = names.filter_input(model.name)
    if name in transformation.document.types:
        return
    made = input_type(name, tests(transformation, model.declared.values()))
    if automatic:
        inputs.add_fields(made, ("id", "ModelIDInput"))
        inputs.add_fields(
            made, *((stamp, "ModelStringInput") for stamp in (model.created, model.updated) if stamp)
        )
    add_logic(made)
    if transformation.conflict:
        inputs.add_fields(made, ("_deleted", "ModelBooleanInput"))
    transformation.add(made)


def tests(transformation: Transformation, fields: Iterable[Field]) -> Iterator[tuple[str, str]]:
    """Each scalar field and the input that tests it; makes the inputs of enums."""
    for field in fields:
        kind = inputs.field_filter(field, transformation.document)
        if kind is not None:
            named = base(field.type)
            if transformation.document.is_enum(named):
                transformation.add(inputs.enum_tests(field, transformation.document))
            yield field.name, kind


def add_logic(made: Type) -> None:
    """``and``, ``or`` and ``not``."""
    inputs.add_fields(made, ("and", f"[{made.name}]"), ("or", f"[{made.name}]"), ("not", made.name))


def _write_queries(transformation: Transformation, model: Model) -> None:
    page = (("filter", names.filter_input(model.name)), ("limit", "Int"), ("nextToken", "String"))
    for verb, name in model.queries.items():
        if verb == "get":
            found = Field(name, model.name, arguments(("id", "ID!")))
            transformation.add_operation("query", found, model.output)
            continue
        add_connection(transformation, model)
        add_filter(transformation, model)
        more = (("lastSync", "AWSTimestamp"),) if verb == "sync" else ()
        found = Field(name, names.connection(model.name), arguments(*page, *more))
        transformation.add_operation("query", found, model.output)


def _write_mutations(transformation: Transformation, model: Model) -> None:
    if not model.mutations:
        return
    condition = input_type(names.condition_input(model.name), tests(transformation, model.declared.values()))
    if "id" in condition.fields and condition.fields["id"].type == "ModelIDInput":
        del condition.fields["id"]
    add_logic(condition)
    if transformation.conflict:
        inputs.add_fields(condition, ("_deleted", "ModelBooleanInput"))
    inputs.add_fields(
        condition, *((stamp, "ModelStringInput") for stamp in (model.created, model.updated) if stamp)
    )
    transformation.add(condition)
    for verb, name in model.mutations.items():
        made = Type("input", names.mutation_input(verb, model.name))
        made.fields = {item.name: item for item in mutation_fields(transformation, model, verb)}
        transformation.add(made)
        given = arguments(("input", f"{made.name}!"), ("condition", condition.name))
        transformation.add_operation("mutation", Field(name, model.name, given), model.output)


def mutation_fields(transformation: Transformation, model: Model, verb: str) -> Iterator[Field]:
    """The fields of ``Create<T>Input``, ``Update<T>Input`` or ``Delete<T>Input``."""
    declared = "id" in model.declared
    if not declared and not model.custom_key:
        yield Field("id", "ID" if verb == "create" else "ID!")
    if verb == "delete":
        if declared:
            yield Field("id", "ID!")
    else:
        for item in _input_fields(transformation, model.declared.values()):
            yield Field(item.name, _mutation_type(model, item, verb))
    if transformation.conflict:
        yield Field("_version", "Int")


def _mutation_type(model: Model, item: Field, verb: str) -> str:
    if verb == "update":
        bared = nullable(item.type)
        return f"{bared}!" if item.name == "id" else bared
    if item.name in model.timed or (item.name == "id" and base(item.type) in ("ID", "String")):
        return nullable(item.type)
    return item.type


def write_versions(transformation: Transformation, model: Model) -> None:
    """What conflict resolution adds to the type."""
    for name, kind in (("_version", "Int!"), ("_deleted", "Boolean"), ("_lastChangedAt", "AWSTimestamp!")):
        model.output.fields[name] = Field(name, kind)


def operations(transformation: Transformation, model: Model) -> Iterator[tuple[str, str, Field]]:
    """Every root field that ``@model`` made: (operation kind, verb, field)."""
    document = transformation.document
    for verb, name in model.queries.items():
        yield "query", verb, document.root("query").fields[name]
    for verb, name in model.mutations.items():
        yield "mutation", verb, document.root("mutation").fields[name]
    for name in dict.fromkeys(name for chosen in model.subscriptions.values() for name in chosen):
        yield "subscription", "listen", document.root("subscription").fields[name]
