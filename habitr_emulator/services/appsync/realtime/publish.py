"""Publishes a mutation's answer to the subscribers of the fields that listen to it.

No resolver runs for a subscriber: an event holds what the mutation selected, by field name, after its
resolvers. https://docs.aws.amazon.com/appsync/latest/devguide/aws-appsync-real-time-data.html
"""

from typing import Any

from habitr_emulator.kernel.trace import Span
from habitr_emulator.services.appsync.completion import Completion, Level, Propagate, path_of
from habitr_emulator.services.appsync.execution import Settled
from habitr_emulator.services.appsync.field_errors import field_error
from habitr_emulator.services.appsync.http import encode
from habitr_emulator.services.appsync.plan import FieldPlan, Plan, Selection
from habitr_emulator.services.appsync.projection import MISFITS, Typed
from habitr_emulator.services.appsync.realtime.subscriptions import Subscriptions
from habitr_emulator.services.appsync.schema import Schema
from habitr_emulator.services.appsync.spec import Unauthorized
from habitr_emulator.services.context import Context

#: Of so many subscribers that an event is not for, a trace tells what they wanted.
SHOWN_MISSED = 5


def publisher(schema: Schema, context: Context) -> Settled:
    """What to call with each mutation field that succeeded: it publishes to the field's subscribers."""
    registry, span = context.account.part(Subscriptions), context.span

    def settled(item: FieldPlan, answer: Any) -> None:
        listeners = schema.listeners.get(item.name, ())
        names = [name for name in listeners if registry.has(schema.api.api_id, name)]
        if names:
            publish(schema, registry, names, event_of(item.selection, answer), span)
        elif listeners:
            span.note(published=f"{item.name}: nobody listens to {', '.join(listeners)}")

    return settled


def publish(schema: Schema, registry: Subscriptions, names: list[str], event: Any, span: Span) -> None:
    """Queue an event for everybody who hears one of the subscription fields ``names``; ``span`` is told who does
    not, and why.
    """
    for name in names:
        with span.child(f"publish {name}") as step:
            payloads: dict[Plan, str] = {}
            reached, missed = registry.hearing(schema.api.api_id, name, event)
            for subscription in reached:
                payload = payloads.get(subscription.plan)
                if payload is None:
                    payload = payloads[subscription.plan] = payload_of(subscription.plan, event)
                subscription.listener.data(subscription.id, payload)
            step.note(reached=len(reached))
            if missed:
                step.note(missed=len(missed), why=[one.wish() for one in missed[:SHOWN_MISSED]])


def event_of(selection: Selection | None, answer: Any) -> Any:
    """A mutation's answer with field names instead of aliases, and each object's type if it was abstract."""
    if isinstance(answer, list):
        return [event_of(selection, item) for item in answer]
    if selection is None or not isinstance(answer, dict):
        return answer
    kind = answer.type_name if isinstance(answer, Typed) else next(iter(selection.types))
    event: dict[str, Any] = {"__typename": kind}
    for item in selection.types[kind]:
        if item.name != "__typename":
            value = event_of(item.selection, answer[item.key])
            known = event.get(item.name)
            both = isinstance(known, dict) and isinstance(value, dict)
            event[item.name] = {**known, **value} if both else value if known is None else known  # type: ignore[dict-item]
    return event


def payload_of(plan: Plan, event: Any) -> str:
    """The ``payload`` of a ``data`` frame: the subscriber's selection over an event."""
    item = plan.fields[0]
    assert item.complete is not None
    errors: list[dict[str, Any]] = []
    level: Level = []
    data: dict[str, Any] = {item.key: None}
    place = (None, data, item.key, True)
    try:
        data[item.key] = item.complete(event, place, level)
    except MISFITS:
        level.clear()
        try:
            data[item.key] = Completion(errors, level, written=True).value(item, event, place)
        except Propagate:
            data[item.key] = None
    told = [{"message": error["message"], "path": error["path"]} for error in errors]
    for refused, _, _, where in level:
        told.append(field_error(refused, path_of(where), Unauthorized()))
        while not where[3]:
            where = where[0]
        where[1][where[2]] = None
    answer = {"data": data, "errors": told} if told else {"data": data}
    return encode(answer).decode()
