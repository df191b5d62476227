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
    verbs = ("get", "list", "sync") if transformation.synced(found.name) else ("get", "list")
    model.queries = _chosen(given, "queries", {verb: operation(verb, found.name) for verb in verbs}, deep)
    model.mutations = _chosen(given, "mutations", {verb: operation(verb, found.name) for verb in MUTATIONS}, deep)
    keep = transformation.version == 1 and "subscriptions" in given
    subscriptions.read(model, given, deep, subscription, keep=keep)
    _read_timestamps(transformation, model, given)
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


def _read_timestamps(transformation: Transformation, model: Model, given: dict[str, Any]) -> None:
    value = given.get("timestamps", {})
    if value is None:
        model.created = model.updated = ""
        return
    model.created = value.get("createdAt", "createdAt") or ""
    model.updated = value.get("updatedAt", "updatedAt") or ""
    names_given = {
        verb: name for verb, name in (("createdAt", model.created), ("updatedAt", model.updated)) if name
    }
    if transformation.version == 2:
        # without the deep merge, a timestamp that the map leaves out is a field that nobody fills
        deep = transformation.flags.shoulddeepmergedirectiveconfigdefaults or "timestamps" not in given
        model.timed = tuple(name for verb, name in names_given.items() if deep or verb in value)
        return
    model.timed = tuple(
        name
        for name in names_given.values()
        if name not in model.declared or base(model.declared[name].type) in _TIME_TYPES
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
    if transformation.synced(model.name) and "_version" in model.declared:
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
        own = found is not None and found.kind in ("scalar", "input") and transformation.version == 2
        if transformation.is_scalar_or_enum(field.type) or own:
            yield Field(field.name, field.type)
        elif found and found.kind == "type" and named not in transformation.models:
            yield Field(field.name, field.type.replace(named, f"{names.upper(named)}Input"))


def add_connection(transformation: Transformation, model: Model, *, listed: bool = False) -> None:
    """The type of a page, unless something else made it already."""
    made = Type("type", names.connection(model.name, listed=listed))
    made.fields = {"items": Field("items", f"[{model.name}]!"), "nextToken": Field("nextToken", "String")}
    if listed and transformation.synced(model.name):
        made.fields["startedAt"] = Field("startedAt", "AWSTimestamp")
    transformation.add(made)


def add_filter(
    transformation: Transformation, model: Model, *, listed: bool = False, deleted: bool = False
) -> None:
    """The input of filters; only that of ``list`` (``listed``) tests ``id`` and the timestamps. ``deleted`` also
    tests whether DataStore deleted the item.
    """
    name = names.filter_input(model.name, listed=listed)
    if name in transformation.document.types:
        return
    version = transformation.version if listed or deleted else 1  # of an index: required lists of enums are lists
    made = input_type(name, tests(transformation, model.declared.values(), version))
    if listed:
        inputs.add_fields(made, ("id", "ModelIDInput"), *_stamp_tests(model))
    add_logic(made)
    if (listed or deleted) and transformation.synced(model.name):
        inputs.add_fields(made, ("_deleted", "ModelBooleanInput"))
    transformation.add(made)


def _stamp_tests(model: Model) -> Iterator[tuple[str, str]]:
    return ((stamp, "ModelStringInput") for stamp in (model.created, model.updated) if stamp)


def tests(transformation: Transformation, fields: Iterable[Field], version: int) -> Iterator[tuple[str, str]]:
    """Each scalar field and the input that tests it, as ``version`` has it; makes the inputs of enums."""
    for field in fields:
        kind = inputs.field_filter(field, transformation.document, version)
        if kind is not None:
            named = base(field.type)
            if transformation.document.is_enum(named):
                transformation.add(inputs.enum_tests(field, version))
            yield field.name, kind


def add_logic(made: Type) -> None:
    """``and``, ``or`` and ``not``."""
    inputs.add_fields(made, ("and", f"[{made.name}]"), ("or", f"[{made.name}]"), ("not", made.name))


def _write_queries(transformation: Transformation, model: Model) -> None:
    page = (("filter", names.filter_input(model.name, listed=True)), ("limit", "Int"), ("nextToken", "String"))
    for verb, name in model.queries.items():
        if verb == "get":
            found = Field(name, model.name, arguments(("id", "ID!")))
            transformation.add_operation("query", found, model.output)
            continue
        add_connection(transformation, model, listed=True)
        add_filter(transformation, model, listed=True)
        more = (("lastSync", "AWSTimestamp"),) if verb == "sync" else ()
        found = Field(name, names.connection(model.name, listed=True), arguments(*page, *more))
        transformation.add_operation("query", found, model.output)


def _write_mutations(transformation: Transformation, model: Model) -> None:
    if not model.mutations:
        return
    condition = input_type(names.condition_input(model.name), tests(transformation, model.declared.values(), 2))
    if "id" in condition.fields and condition.fields["id"].type == "ModelIDInput":
        del condition.fields["id"]
    add_logic(condition)
    if transformation.synced(model.name):
        inputs.add_fields(condition, ("_deleted", "ModelBooleanInput"))
    inputs.add_fields(condition, *_stamp_tests(model))
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
            yield Field(item.name, _mutation_type(model, item, verb, transformation.version))
    if transformation.synced(model.name):
        yield Field("_version", "Int")


def _mutation_type(model: Model, item: Field, verb: str, version: int) -> str:
    if verb == "update":
        bared = nullable(item.type)
        return f"{bared}!" if item.name == "id" else bared
    made_ids = ("ID",) if version == 1 else ("ID", "String")
    stamped = item.name in (model.created, model.updated)
    stamped = stamped or (version == 2 and item.name in ("createdAt", "updatedAt"))
    if (stamped and base(item.type) in _TIME_TYPES) or (item.name == "id" and base(item.type) in made_ids):
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
