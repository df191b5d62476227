"""``@model`` in version 1: filters and conditions test declared fields only, subscriptions have no filter.

https://docs.amplify.aws/cli-legacy/graphql-transformer/model/
"""

from habitr_emulator.amplify.transform import inputs, subscriptions
from habitr_emulator.amplify.transform import model as models
from habitr_emulator.amplify.transform import names as all_names
from habitr_emulator.amplify.transform.document import Directive, Field, Type, arguments
from habitr_emulator.amplify.transform.document import inputs as input_type
from habitr_emulator.amplify.transform.transformation import Model, Transformation
from habitr_emulator.amplify.transform.v1 import names


def read(transformation: Transformation, found: Type, directive: Directive) -> None:
    """Remember the model that a type declares."""
    naming = names.operation(transformation.flags)
    model = models.read(transformation, found, directive, naming, names.subscription)
    if transformation.synced(model.name):  # whatever ``queries`` says
        model.queries["sync"] = all_names.operation("sync", found.name)
    given = directive.arguments.get("subscriptions")
    if given is not None and model.level == "on" and not any(event in given for event in subscriptions.EVENTS):
        model.subscriptions = {
            event: [names.subscription(event, model.name)]
            for event, verb in subscriptions.EVENTS.items()
            if verb in model.mutations
        }


def write(transformation: Transformation, model: Model) -> None:
    """Everything that ``@model`` adds to the schema, before keys, connections and auth change it."""
    models.add_automatic_fields(model)
    models.add_nested_inputs(transformation, model.declared.values())
    _write_queries(transformation, model)
    _write_mutations(transformation, model)
    subscriptions.add(transformation, model, None)


def add_page(transformation: Transformation, model: Model, *, ordered: bool = True) -> None:
    """What a field that answers pages of the model needs: its connection, its filter, the sort direction."""
    if ordered:
        inputs.add_sort_direction(transformation.document)
    made = Type("type", names.connection(model.name))
    made.fields = {"items": Field("items", f"[{model.name}]!"), "nextToken": Field("nextToken", "String")}
    if transformation.synced(model.name):
        made.fields["startedAt"] = Field("startedAt", "AWSTimestamp")
    transformation.add(made)
    inputs.add_tests(transformation.document)
    wanted = input_type(names.filter_input(model.name), models.tests(transformation, model.declared.values(), 1))
    models.add_logic(wanted)
    transformation.add(wanted)


def _write_queries(transformation: Transformation, model: Model) -> None:
    page = (("filter", names.filter_input(model.name)), ("limit", "Int"), ("nextToken", "String"))
    for verb, name in model.queries.items():
        if verb == "get":
            found = Field(name, model.name, arguments(("id", "ID!")))
        else:
            add_page(transformation, model, ordered=verb != "sync")
            more = (("lastSync", "AWSTimestamp"),) if verb == "sync" else ()
            found = Field(name, names.connection(model.name), arguments(*page, *more))
        transformation.add_operation("query", found, model.output)


def _write_mutations(transformation: Transformation, model: Model) -> None:
    if not model.mutations:
        return
    inputs.add_tests(transformation.document)
    condition = input_type(
        names.condition_input(model.name), models.tests(transformation, model.declared.values(), 1)
    )
    condition.fields.pop("id", None)
    models.add_logic(condition)
    transformation.add(condition)
    for verb, name in model.mutations.items():
        made = Type("input", all_names.mutation_input(verb, model.name))
        made.fields = {item.name: item for item in models.mutation_fields(transformation, model, verb)}
        transformation.add(made)
        given = arguments(("input", f"{made.name}!"), ("condition", condition.name))
        transformation.add_operation("mutation", Field(name, model.name, given), model.output)
