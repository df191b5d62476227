"""Starts a subscription: authenticate, validate, authorize, run its resolver, register.

https://docs.aws.amazon.com/appsync/latest/devguide/real-time-websocket-client.html
"""

from typing import Any

import orjson

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.kernel.trace import Snapshot
from habitr_emulator.services.appsync.apis import DeployedApi
from habitr_emulator.services.appsync.authorization import authenticate
from habitr_emulator.services.appsync.calls import Calls
from habitr_emulator.services.appsync.field_errors import field_error
from habitr_emulator.services.appsync.plan import FieldPlan
from habitr_emulator.services.appsync.preparation import Prepared, Query, Refused, prepare
from habitr_emulator.services.appsync.realtime.filters import check
from habitr_emulator.services.appsync.realtime.protocol import unsupported
from habitr_emulator.services.appsync.realtime.subscriptions import Listener, Subscription, Subscriptions
from habitr_emulator.services.appsync.resolvers import run
from habitr_emulator.services.appsync.spec import ResolverContext, ResolverError, Unauthorized
from habitr_emulator.services.context import Context


class StartRefused(Exception):
    """A start that fails: ``errors`` and, for errors of the field itself, ``data`` of the error frame."""

    def __init__(self, errors: list[dict[str, Any]], data: Any = None) -> None:
        super().__init__(errors[0]["message"])
        self.errors, self.data = errors, data


async def start(api: DeployedApi, context: Context, text: str, listener: Listener, id_: str) -> Subscription:
    """Subscribe ``context.caller`` by the request ``text`` (``{"query": …, "variables": …}``).

    The subscription is registered and hears every event from now on. Raises StartRefused.
    """
    try:
        prepared = await _prepare(api, context, text)
        ctx = await _resolve(api, context, prepared)
    except Refused as error:
        raise StartRefused([{"message": item["message"]} for item in error.errors]) from None
    except AwsError as error:
        if error.why:
            context.span.note(why=error.why)
        told = {"errorType": error.code, "message": error.message, "errorCode": error.status}
        raise StartRefused([told]) from None
    plan = prepared.event_plan()
    item = plan.fields[0]
    given = item.arguments(prepared.variables)
    made = Subscription(
        api.spec.api_id,
        item.name,
        id_,
        listener,
        plan,
        {name: value for name, value in given.items() if name in item.provided},
        ctx.subscription_filter if ctx is not None else None,
        ctx.invalidation_filter if ctx is not None else None,
        prepared.requester.expires,
    )
    context.span.note(field=item.name, arguments=Snapshot(made.arguments), filter=Snapshot(made.filter))
    context.account.part(Subscriptions).add(made)
    return made


async def _prepare(api: DeployedApi, context: Context, text: str) -> Prepared:
    query = _query(text)
    requester = await authenticate(api.spec, context, query.members(), api.lambda_decisions)
    context.span.note(api=api.api_id, **requester.told())
    if api.schema.documents(query.text).node is None:
        raise StartRefused([unsupported("unknown")])
    prepared = prepare(api.schema, requester, query, context)
    kind = prepared.operation.kind
    if kind != "subscription":
        raise StartRefused([unsupported(kind)])
    if len(prepared.plan.fields) != 1:
        # guess: graphql-java's later wording
        text = "Subscription operation must have exactly one root field"
        raise StartRefused([{"message": f"Validation error of type SubscriptionMultipleRootFields: {text}"}])
    return prepared


def _query(text: str) -> Query:
    try:
        given = orjson.loads(text)
    except orjson.JSONDecodeError:
        given = None
    if not isinstance(given, dict) or not isinstance(given.get("query"), str):
        raise StartRefused([unsupported("unknown")])
    variables, name = given.get("variables"), given.get("operationName")
    return Query(
        given["query"], variables if isinstance(variables, dict) else {}, name if isinstance(name, str) else None
    )


async def _resolve(api: DeployedApi, context: Context, prepared: Prepared) -> ResolverContext | None:
    """Authorize the field and run its resolver; its value does not matter, what it set does."""
    item = prepared.plan.fields[0]
    if item.denied:
        raise _refused(item, Unauthorized())
    if item.resolver is None:
        return None
    (ctx,) = Calls(prepared, "subscription", context).contexts(item, [None])
    (outcome,) = await run(api.spec, item.resolver, [ctx], context)
    error = outcome.error or next(iter(ctx.errors), None)
    if error is not None:
        raise _refused(item, error)
    try:
        for wanted in (ctx.subscription_filter, ctx.invalidation_filter):
            if wanted is not None:
                check(wanted)
    except ResolverError as bad:
        raise _refused(item, bad) from None
    return ctx


def _refused(item: FieldPlan, error: ResolverError) -> StartRefused:
    return StartRefused([field_error(item, [item.key], error)], {item.key: None})
