"""Endpoints and events of a Pinpoint application."""

from typing import Any

import pytest

from habitr_emulator.services.context import Context
from habitr_emulator.services.pinpoint import endpoints, events
from habitr_emulator.services.pinpoint.deploy import deploy
from habitr_emulator.services.pinpoint.errors import BadRequestException, NotFoundException
from habitr_emulator.services.pinpoint.spec import App

APP = "0123456789abcdef0123456789abcdef"
EVENT = {"EventType": "vote", "Timestamp": "2026-11-21T19:02:03.456Z", "Attributes": {"kind": "up"}}
ACCEPTED = {"StatusCode": 202, "Message": "Accepted"}


@pytest.fixture
async def app(ctx: Context) -> Context:
    """A context in which the application exists."""
    await deploy(ctx, App(APP, "habitr"))
    return ctx


async def update(ctx: Context, **endpoint: Any) -> Any:
    request = {"ApplicationId": APP, "EndpointId": "e-1", "EndpointRequest": endpoint}
    return await ctx.services.pinpoint.update_endpoint(request)


async def put(ctx: Context, batch: dict[str, Any]) -> Any:
    return await ctx.services.pinpoint.put_events({"ApplicationId": APP, "EventsRequest": {"BatchItem": batch}})


async def test_an_endpoint_is_made_and_changed(app: Context) -> None:
    answer = await update(app, ChannelType="APNS", Attributes={"a": ["1"], "b": ["2"]}, User={"UserId": "u"})
    assert answer["MessageBody"]["Message"] == "Accepted"
    assert answer["MessageBody"]["RequestID"]
    await update(app, Address="token", Attributes={"b": ["3"]})
    found = await app.services.pinpoint.get_endpoint({"ApplicationId": APP, "EndpointId": "e-1"})
    assert found["EndpointResponse"] == {
        "ApplicationId": APP,
        "Id": "e-1",
        "CreationDate": "2026-11-18T11:06:40.000Z",
        "EndpointStatus": "ACTIVE",
        "OptOut": "NONE",
        "ChannelType": "APNS",
        "Address": "token",
        "Attributes": {"a": ["1"], "b": ["3"]},
        "User": {"UserId": "u"},
    }


async def test_events_are_accepted_one_by_one_and_kept(app: Context) -> None:
    answer = await put(app, {"e-1": {"Endpoint": {"ChannelType": "GCM"}, "Events": {"1": EVENT, "2": EVENT}}})
    item = {"EndpointItemResponse": ACCEPTED, "EventsItemResponse": {"1": ACCEPTED, "2": ACCEPTED}}
    assert answer == {"EventsResponse": {"Results": {"e-1": item}}}
    newest, _ = events.latest(app.store, APP)
    assert (newest["eventId"], newest["eventType"], newest["event"]) == ("2", "vote", EVENT)
    found = await app.services.pinpoint.get_endpoint({"ApplicationId": APP, "EndpointId": "e-1"})
    assert found["EndpointResponse"]["ChannelType"] == "GCM"


async def test_an_empty_batch_is_accepted(app: Context) -> None:
    assert await put(app, {}) == {"EventsResponse": {"Results": {}}}


async def test_too_many_events_are_refused(app: Context) -> None:
    with pytest.raises(BadRequestException):
        await put(app, {"e-1": {"Endpoint": {}, "Events": {str(number): EVENT for number in range(101)}}})


async def test_only_the_newest_events_are_kept(app: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "KEPT", 3)
    for number in range(5):
        await put(app, {"e-1": {"Endpoint": {}, "Events": {str(number): EVENT}}})
    assert [event["eventId"] for event in events.latest(app.store, APP)] == ["4", "3", "2"]


async def test_deploying_again_keeps_the_data(app: Context) -> None:
    await update(app, OptOut="ALL")
    await deploy(app, App(APP, "renamed"))
    found = await app.services.pinpoint.get_endpoint({"ApplicationId": APP, "EndpointId": "e-1"})
    assert found["EndpointResponse"]["OptOut"] == "ALL"
    described = await app.services.pinpoint.get_app({"ApplicationId": APP})
    assert described["ApplicationResponse"]["Name"] == "renamed"
    assert described["ApplicationResponse"]["Arn"] == f"arn:aws:mobiletargeting:us-east-1:000000000000:apps/{APP}"


async def test_apps_are_listed_in_pages(app: Context) -> None:
    await deploy(app, App("f" * 32, "other"))
    first = (await app.services.pinpoint.get_apps({"PageSize": "1"}))["ApplicationsResponse"]
    rest = (await app.services.pinpoint.get_apps({"Token": first["NextToken"]}))["ApplicationsResponse"]
    assert [item["Id"] for item in (*first["Item"], *rest["Item"])] == [APP, "f" * 32]
    assert "NextToken" not in rest
    with pytest.raises(BadRequestException):
        await app.services.pinpoint.get_apps({"PageSize": "many"})


@pytest.mark.parametrize(
    ("operation", "request_"),
    [
        ("update_endpoint", {"EndpointId": "e", "EndpointRequest": {}}),
        ("get_endpoint", {"EndpointId": "e"}),
        ("put_events", {"EventsRequest": {"BatchItem": {}}}),
        ("get_app", {}),
    ],
)
async def test_an_unknown_app_is_not_found(app: Context, operation: str, request_: dict[str, Any]) -> None:
    with pytest.raises(NotFoundException, match="Resource not found"):
        await getattr(app.services.pinpoint, operation)({"ApplicationId": "nope", **request_})


async def test_an_unknown_endpoint_is_not_found(app: Context) -> None:
    with pytest.raises(NotFoundException):
        await app.services.pinpoint.get_endpoint({"ApplicationId": APP, "EndpointId": "nope"})


async def test_an_app_is_made_and_deleted_with_what_it_has(ctx: Context) -> None:
    call = ctx.services.pinpoint
    made = await call.create_app({"CreateApplicationRequest": {"Name": "mine", "tags": {"a": "1"}}})
    app_id = made["ApplicationResponse"]["Id"]
    assert made["ApplicationResponse"]["tags"] == {"a": "1"}
    endpoint = {"ApplicationId": app_id, "EndpointId": "e", "EndpointRequest": {"Address": "x"}}
    await call.update_endpoint(endpoint)
    deleted = await call.delete_app({"ApplicationId": app_id})
    assert deleted["ApplicationResponse"]["Name"] == "mine"
    with pytest.raises(NotFoundException):
        await call.get_endpoint(endpoint)
    assert ctx.store.all("SELECT * FROM pinpoint_endpoint") == []


async def test_endpoints_are_changed_together_and_found_by_user(app: Context) -> None:
    call = app.services.pinpoint
    items = [{"Id": f"e-{n}", "Address": str(n), "User": {"UserId": "ann" if n else "ben"}} for n in range(3)]
    answer = await call.update_endpoints_batch({"ApplicationId": APP, "EndpointBatchRequest": {"Item": items}})
    assert answer["MessageBody"]["Message"] == "Accepted"
    anns = {"ApplicationId": APP, "UserId": "ann"}
    found = (await call.get_user_endpoints(anns))["EndpointsResponse"]["Item"]
    assert [each["Id"] for each in found] == ["e-1", "e-2"]
    await call.delete_endpoint({"ApplicationId": APP, "EndpointId": "e-1"})
    gone = (await call.delete_user_endpoints(anns))["EndpointsResponse"]["Item"]
    assert [each["Id"] for each in gone] == ["e-2"]
    with pytest.raises(NotFoundException):
        await call.get_user_endpoints(anns)
    many = {"Item": [{"Id": str(n)} for n in range(101)]}
    with pytest.raises(BadRequestException):
        await call.update_endpoints_batch({"ApplicationId": APP, "EndpointBatchRequest": many})


async def test_the_newest_come_first_for_whoever_looks(app: Context) -> None:
    await put(app, {"e-1": {"Endpoint": {"Address": "x"}, "Events": {"one": EVENT, "two": EVENT}}})
    assert [each["eventId"] for each in events.latest(app.store)] == ["two", "one"]
    assert [each["endpointId"] for each in endpoints.latest(app.store, APP)] == ["e-1"]
    assert events.latest(app.store, "another") == []
