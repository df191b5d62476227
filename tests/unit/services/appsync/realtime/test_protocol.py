"""The realtime protocol's state machine: every frame and its answer."""
# ruff: noqa: E501 - one case a line, messages whole

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habitr_emulator.services.appsync.realtime import protocol
from habitr_emulator.services.appsync.realtime.protocol import Begin, Close, End, Event, Protocol, Refusal, Send


def frames(events: list[Event]) -> list[Any]:
    return [json.loads(event.text) for event in events if isinstance(event, Send)]


def start(id_: str = "1", **payload: Any) -> str:
    whole = {"data": '{"query": "q"}', "extensions": {"authorization": {"Host": "h", "X-Api-Key": "k"}}, **payload}
    return json.dumps({"id": id_, "type": "start", "payload": whole})


def test_the_ack_comes_first_and_then_a_keep_alive() -> None:
    assert frames(Protocol().receive('{"type": "connection_init"}')) == [
        {"type": "connection_ack", "payload": {"connectionTimeoutMs": 300000}},
        {"type": "ka"},
    ]


def test_a_start_is_an_event_with_lower_case_header_names_even_without_init() -> None:
    assert Protocol().receive(start()) == [Begin("1", '{"query": "q"}', {"host": "h", "x-api-key": "k"})]


def test_data_flows_only_between_ack_and_stop() -> None:
    connection = Protocol()
    connection.receive(start())
    assert connection.data("1", "{}") == []
    assert frames(connection.accept("1")) == [{"id": "1", "type": "start_ack"}]
    assert frames(connection.data("1", '{"data":{"a":1}}')) == [
        {"id": "1", "type": "data", "payload": {"data": {"a": 1}}}
    ]
    events = connection.receive('{"id": "1", "type": "stop"}')
    assert events[0] == End("1")
    assert frames(events) == [{"id": "1", "type": "complete"}]
    assert connection.data("1", "{}") == []
    assert connection.complete("1") == []


def test_a_start_that_was_stopped_meanwhile_is_not_acknowledged() -> None:
    connection = Protocol()
    connection.receive(start())
    connection.receive('{"id": "1", "type": "stop"}')
    assert connection.accept("1") == []
    assert connection.refuse("1", [{"message": "m"}]) == []


def test_a_refused_start_frees_its_id() -> None:
    connection = Protocol(most=1)
    connection.receive(start())
    assert frames(connection.refuse("1", [{"message": "m"}], {"onX": None})) == [
        {"id": "1", "type": "error", "payload": {"data": {"onX": None}, "errors": [{"message": "m"}]}}
    ]
    assert isinstance(connection.receive(start("2"))[0], Begin)


def test_a_second_start_with_a_live_id_replaces_the_first() -> None:
    connection = Protocol(most=1)
    connection.receive(start())
    assert [type(event) for event in connection.receive(start())] == [End, Begin]


def test_the_hundred_and_first_subscription_is_refused() -> None:
    connection = Protocol()
    for number in range(100):
        connection.receive(start(str(number)))
    assert frames(connection.receive(start("x"))) == [
        {
            "id": "x",
            "type": "error",
            "payload": {
                "errors": [
                    {
                        "errorType": "MaxSubscriptionsReachedError",
                        "message": "Max number of 100 subscriptions reached",
                    }
                ]
            },
        }
    ]


@pytest.mark.parametrize(
    ("text", "id_", "kind"),
    [
        ("{nope", "", "UnsupportedOperation"),
        ("[]", "", "UnsupportedOperation"),
        ('{"type": "subscribe", "id": "7"}', "7", "UnsupportedOperation"),
        ('{"type": "start"}', "", "UnsupportedOperation"),
        ('{"type": "start", "id": "7"}', "7", "UnsupportedOperation"),
        (start("7", data={"query": "q"}), "7", "UnsupportedOperation"),
        (start("7", extensions=None), "7", "UnauthorizedException"),
        (start("7", extensions={"authorization": {"a": 1}}), "7", "UnauthorizedException"),
        ('{"type": "stop", "id": "7"}', "7", "UnknownOperationError"),
    ],
)
def test_a_frame_that_cannot_be_followed_gets_an_error_and_keeps_the_connection(
    text: str, id_: str, kind: str
) -> None:
    connection = Protocol()
    (frame,) = frames(connection.receive(text))
    assert (frame["type"], frame["id"]) == ("error", id_)
    assert frame["payload"]["errors"][0]["errorType"] == kind
    assert isinstance(connection.receive(start("8"))[0], Begin)


@pytest.mark.parametrize(
    ("refusal", "error"),
    [
        (protocol.UNAUTHORIZED_CONNECTION, {"errorType": "UnauthorizedException", "message": "You are not authorized to make this call.", "errorCode": 401}),
        (protocol.UNSUPPORTED_PROTOCOL, {"message": "SubProtocolNotSupportedError", "errorCode": 400}),
    ],
)  # fmt: skip
def test_a_refused_connection_says_why_and_closes(refusal: Refusal, error: dict[str, Any]) -> None:
    events = Protocol(refusal).receive('{"type": "connection_init"}')
    assert frames(events) == [{"type": "connection_error", "payload": {"errors": [error]}}]
    assert isinstance(events[-1], Close)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-5, 5) | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(["type", "id", "payload", "data", "extensions", "authorization"]), inner
            )
        ),
    )
)
def test_no_json_breaks_the_protocol(message: Any) -> None:
    for event in Protocol().receive(json.dumps(message)):
        if isinstance(event, Send):
            assert json.loads(event.text)["type"] in {"error", "connection_ack", "ka", "complete"}
