"""The subscriptions of ``@model``: which there are, and the filter that they take.

https://docs.amplify.aws/gen1/javascript/build-a-backend/graphqlapi/subscribe-data/
"""

from collections.abc import Callable, Iterator
from typing import Any

from habitr_emulator.amplify.transform import inputs, names
from habitr_emulator.amplify.transform.document import Directive, Field, arguments
from habitr_emulator.amplify.transform.document import inputs as input_type
from habitr_emulator.amplify.transform.transformation import Model, Transformation

#: Subscription event -> the mutation that it follows.
EVENTS = {"onCreate": "create", "onUpdate": "update", "onDelete": "delete"}
#: Makes an operation's name from its verb and the type's name.
Namer = Callable[[str, str], str]


def read(model: Model, given: dict[str, Any], deep: bool, subscription: Namer, *, keep: bool) -> None:
    """Which subscriptions the model has, by ``@model``'s argument; ``keep`` also those that the schema names
    without their mutation, which then hear nothing.
    """
    defaults = {event: [subscription(event, model.name)] for event in EVENTS}
    value = given.get("subscriptions", defaults)
    if value is None:
        model.level = "off"
        return
    model.level = value.get("level") or "on"
    model.heard = model.level == "on"
    named = {event: value[event] for event in EVENTS if event in value}
    if deep or (model.level == "public" and not any(named.values())):
        named = {**defaults, **named}
    if model.level != "off":
        model.subscriptions = {
            event: chosen if isinstance(chosen, list) else [chosen]
            for event, chosen in named.items()
            if chosen and ((keep and event in value) or EVENTS[event] in model.mutations)
        }


def write(transformation: Transformation, model: Model) -> None:
    """The subscription fields and the input of their filter."""
    if not model.subscriptions:
        return
    made = input_type(names.subscription_filter(model.name), _tests(transformation, model))
    inputs.add_fields(made, ("id", "ModelSubscriptionIDInput"))
    stamps = (stamp for stamp in (model.created, model.updated) if stamp)
    inputs.add_fields(made, *((stamp, "ModelSubscriptionStringInput") for stamp in stamps))
    inputs.add_fields(made, ("and", f"[{made.name}]"), ("or", f"[{made.name}]"))
    if transformation.synced(model.name):
        inputs.add_fields(made, ("_deleted", "ModelBooleanInput"))
    transformation.add(made)
    add(transformation, model, made.name)


def add(transformation: Transformation, model: Model, filtered_by: str | None) -> None:
    """The subscription fields; ``filtered_by`` is the input of their filter, if they have one."""
    heard: dict[str, list[str]] = {}
    for event, chosen in model.subscriptions.items():
        for name in chosen:
            heard.setdefault(name, []).extend(filter(None, [model.mutations.get(EVENTS[event])]))
    for name, mutations in heard.items():
        listed = ", ".join(f'"{mutation}"' for mutation in mutations)
        subscribe = Directive("aws_subscribe", f"@aws_subscribe(mutations: [{listed}])")
        given = arguments(("filter", filtered_by)) if filtered_by else {}
        found = Field(name, model.name, given, [subscribe])
        transformation.add_operation("subscription", found, model.output)


def _tests(transformation: Transformation, model: Model) -> Iterator[tuple[str, str]]:
    for field in model.declared.values():
        kind = inputs.subscription_filter(field, transformation.document)
        if kind is not None:
            yield field.name, kind
