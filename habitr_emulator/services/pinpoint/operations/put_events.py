"""PutEvents: record events of endpoints, and change the endpoints on the way.

https://docs.aws.amazon.com/pinpoint/latest/apireference/apps-application-id-events.html
"""

from collections.abc import Mapping
from typing import Any

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.context import Context
from habitr_emulator.services.pinpoint import apps, endpoints, events
from habitr_emulator.services.pinpoint.errors import BadRequestException
from habitr_emulator.services.registry import Auth, Input, Output, operation

#: https://docs.aws.amazon.com/pinpoint/latest/developerguide/quotas.html
MAXIMUM_EVENTS = 100
_ACCEPTED = {"StatusCode": 202, "Message": "Accepted"}


@operation(auth=Auth.SIGNED, action="mobiletargeting:PutEvents", resources=lambda request, ctx: _arn(request, ctx))
async def put_events(request: Input, ctx: Context) -> Output:
    """Keep the events of ``BatchItem`` (endpoint id → endpoint and events), which may be empty.

    Every item is accepted; raises NotFoundException for an unknown app, BadRequestException past 100 events.
    """
    application_id = apps.require(ctx, request["ApplicationId"])["application_id"]
    batch, now = request["EventsRequest"]["BatchItem"], ctx.clock.now()
    if sum(len(item["Events"]) for item in batch.values()) > MAXIMUM_EVENTS:
        raise BadRequestException(f"A request takes at most {MAXIMUM_EVENTS} events.", RequestID=ctx.request_id)
    if batch:
        await ctx.store.write(lambda tx: _put(tx, application_id, batch, now))
    return {"EventsResponse": {"Results": {endpoint_id: _accepted(item) for endpoint_id, item in batch.items()}}}


def _put(tx: Transaction, application_id: str, batch: Mapping[str, Mapping[str, Any]], now: float) -> None:
    for endpoint_id, item in batch.items():
        endpoints.put(tx, (application_id, endpoint_id), item["Endpoint"], now)
        events.put(tx, (application_id, endpoint_id), item["Events"], now)


def _accepted(item: Mapping[str, Any]) -> Output:
    return {"EndpointItemResponse": _ACCEPTED, "EventsItemResponse": dict.fromkeys(item["Events"], _ACCEPTED)}


def _arn(request: Input, ctx: Context) -> str:
    return f"{apps.arn_of(request, ctx)}/events"
