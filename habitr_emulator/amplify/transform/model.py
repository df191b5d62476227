"""``@model``: a table, its queries, mutations and subscriptions.

https://docs.amplify.aws/gen1/javascript/build-a-backend/graphqlapi/data-modeling/
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from habitr_emulator.amplify.transform import inputs, names
from habitr_emulator.amplify.transform.document import (
    Directive,
    Field,
    Type,
    arguments,
    base,
    is_list,
    nullable,
)
from habitr_emulator.amplify.transform.document import inputs as input_type
from habitr_emulator.amplify.transform.transformation import Model, Transformation

MUTATIONS = ("create", "update", "delete")
#: Subscription event -> the mutation that it follows.
EVENTS = {"onCreate": "create", "onUpdate": "update", "onDelete": "delete"}
#: Makes an operation's name from its verb and the type's name.
Namer = Callable[[str, str], str]
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
    _read_subscriptions(model, given, deep, subscription)
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


def _read_subscriptions(model: Model, given: dict[str, Any], deep: bool, subscription: Namer) -> None:
    defaults = {event: [subscription(event, model.name)] for event in EVENTS}
    value = given.get("subscriptions", defaults)
    if value is None:
        model.level = "off"
        return
    model.level = value.get("level") or "on"
    named = {event: value[event] for event in EVENTS if event in value}
    if deep or (model.level == "public" and not any(named.values())):
        named = {**defaults, **named}
    if model.level != "off":
        model.subscriptions = {
            event: chosen if isinstance(chosen, list) else [chosen]
            for event, chosen in named.items()
            if chosen and EVENTS[event] in model.mutations
        }


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


def write(transformation: Transformation, model: Model) -> None:
    """Everything that ``@model`` adds to the schema, before keys, relations and auth change it."""
    add_automatic_fields(model)
    add_nested_inputs(transformation, model.declared.values())
    _write_queries(transformation, model)
    _write_mutations(transformation, model)
    _write_subscriptions(transformation, model)


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
        add_tests(made, ("id", "ModelIDInput"))
        add_tests(made, *((stamp, "ModelStringInput") for stamp in (model.created, model.updated) if stamp))
    add_logic(made)
    if transformation.conflict:
        add_tests(made, ("_deleted", "ModelBooleanInput"))
    transformation.add(made)


def tests(transformation: Transformation, fields: Iterable[Field]) -> Iterator[tuple[str, str]]:
    """Each scalar field and the input that tests it; makes the inputs of enums."""
    for field in fields:
        kind = inputs.field_filter(field, transformation.document)
        if kind is not None:
            named = base(field.type)
            if transformation.document.is_enum(named):
                transformation.add(inputs.enum_filters(named, of_list=is_list(field.type)))
            yield field.name, kind


def add_tests(made: Type, *pairs: tuple[str, str]) -> None:
    """Add fields to a filter unless it has them."""
    for name, kind in pairs:
        made.fields.setdefault(name, Field(name, kind))


def add_logic(made: Type) -> None:
    """``and``, ``or`` and ``not``."""
    add_tests(made, ("and", f"[{made.name}]"), ("or", f"[{made.name}]"), ("not", made.name))


def _write_queries(transformation: Transformation, model: Model) -> None:
    query = transformation.document.root("query") if model.queries else None
    page = (("filter", names.filter_input(model.name)), ("limit", "Int"), ("nextToken", "String"))
    for verb, name in model.queries.items():
        assert query is not None
        if verb == "get":
            query.fields[name] = Field(name, model.name, arguments(("id", "ID!")))
            continue
        add_connection(transformation, model)
        add_filter(transformation, model)
        more = (("lastSync", "AWSTimestamp"),) if verb == "sync" else ()
        query.fields[name] = Field(name, names.connection(model.name), arguments(*page, *more))


def _write_mutations(transformation: Transformation, model: Model) -> None:
    if not model.mutations:
        return
    condition = input_type(names.condition_input(model.name), tests(transformation, model.declared.values()))
    condition.fields.pop("id", None)
    add_logic(condition)
    if transformation.conflict:
        add_tests(condition, ("_deleted", "ModelBooleanInput"))
    add_tests(condition, *((stamp, "ModelStringInput") for stamp in (model.created, model.updated) if stamp))
    transformation.add(condition)
    mutation = transformation.document.root("mutation")
    for verb, name in model.mutations.items():
        made = Type("input", names.mutation_input(verb, model.name))
        made.fields = {item.name: item for item in mutation_fields(transformation, model, verb)}
        transformation.add(made)
        given = arguments(("input", f"{made.name}!"), ("condition", condition.name))
        mutation.fields[name] = Field(name, model.name, given)


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
    if item.name in model.timed or (item.name == "id" and base(item.type) == "ID"):
        return nullable(item.type)
    return item.type


def _write_subscriptions(transformation: Transformation, model: Model) -> None:
    if not model.subscriptions:
        return
    made = input_type(names.subscription_filter(model.name), _subscription_tests(transformation, model))
    add_tests(made, ("id", "ModelSubscriptionIDInput"))
    stamps = (stamp for stamp in (model.created, model.updated) if stamp)
    add_tests(made, *((stamp, "ModelSubscriptionStringInput") for stamp in stamps))
    add_tests(made, ("and", f"[{made.name}]"), ("or", f"[{made.name}]"))
    if transformation.conflict:
        add_tests(made, ("_deleted", "ModelBooleanInput"))
    transformation.add(made)
    add_subscriptions(transformation, model, made.name)


def add_subscriptions(transformation: Transformation, model: Model, filtered_by: str | None) -> None:
    """The subscription fields; ``filtered_by`` is the input of their filter, if they have one."""
    heard: dict[str, list[str]] = {}
    for event, chosen in model.subscriptions.items():
        for name in chosen:
            heard.setdefault(name, []).append(model.mutations[EVENTS[event]])
    for name, mutations in heard.items():
        listed = ", ".join(f'"{mutation}"' for mutation in mutations)
        subscribe = Directive("aws_subscribe", f"@aws_subscribe(mutations: [{listed}])")
        given = arguments(("filter", filtered_by)) if filtered_by else {}
        fields = transformation.document.root("subscription").fields
        fields[name] = Field(name, model.name, given, [subscribe])


def _subscription_tests(transformation: Transformation, model: Model) -> Iterator[tuple[str, str]]:
    for field in model.declared.values():
        kind = inputs.subscription_filter(field, transformation.document)
        if kind is not None:
            yield field.name, kind


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
