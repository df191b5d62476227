"""Which resource a path means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habitr_emulator.services.apigateway.routes import Address, RestApis, address_of, match
from habitr_emulator.services.apigateway.spec import RestApi, Route
from habitr_emulator.services.context import Account
from habitr_emulator.wire.http import Headers, Request

API = RestApi(
    "abc",
    "api",
    "dev",
    (
        Route("/items/{proxy+}", "rest"),
        Route("/items/{id}", "item"),
        Route("/items/all", "all", "GET"),
        Route("/items/all", "change"),
        Route("/items/{id}/parts/{part}", "part"),
        Route("/", "root"),
    ),
)


def function_of(path: str, method: str = "GET") -> str | None:
    found = match(API, path)
    route = found.route(method) if found else None
    return route.function_name if route else None


@pytest.mark.parametrize(
    ("path", "method", "function"),
    [
        ("/items/all", "GET", "all"),
        ("/items/all", "POST", "change"),
        ("/items/7", "GET", "item"),
        ("/items/7/parts/8", "GET", "part"),
        ("/items/7/elsewhere", "GET", "rest"),
        ("/items/a/b/c", "DELETE", "rest"),
        ("/", "GET", "root"),
        ("/items", "GET", None),
        ("/items/", "GET", None),
        ("/nothing", "GET", None),
        ("/Items/all", "GET", None),
    ],
)
def test_the_most_literal_resource_wins(path: str, method: str, function: str | None) -> None:
    assert function_of(path, method) == function


def test_parameters_are_decoded() -> None:
    one, rest = match(API, "/items/a%20b"), match(API, "/items/a/b%2Fc")
    assert one is not None
    assert rest is not None
    assert one.parameters == {"id": "a b"}
    assert rest.parameters == {"proxy": "a/b/c"}


@given(st.lists(st.text("ab%/{}+", max_size=4), max_size=5))
def test_any_path_is_matched_or_not_without_an_error(segments: list[str]) -> None:
    found = match(API, "/" + "/".join(segments))
    assert found is None or found.methods


@pytest.mark.parametrize(
    ("target", "host", "address"),
    [
        ("/dev/user/exists?a=1", "localhost:4566", Address("", "dev", "/user/exists")),
        ("/dev", "localhost:4566", Address("", "dev", "/")),
        ("/restapis/abc/dev/_user_request_/x/y", "localhost", Address("abc", "dev", "/x/y")),
        ("/restapis/abc/dev/_user_request_", "localhost", Address("abc", "dev", "/")),
        ("/dev/x", "abc.execute-api.us-east-1.amazonaws.com", Address("abc", "dev", "/x")),
        ("/dev/x", "ABC.execute-api.us-east-1.amazonaws.com:443", Address("abc", "dev", "/x")),
    ],
)
def test_an_api_is_addressed_in_three_ways(target: str, host: str, address: Address) -> None:
    assert address_of(Request("GET", target, Headers([("host", host)]))) == address


async def test_of_two_apis_with_one_stage_the_one_with_the_path_answers(account: Account) -> None:
    apis, other = RestApis(account), RestApi("xyz", "other", "dev", (Route("/other", "f"),))
    apis.put(API)
    apis.put(other)
    assert apis.find(Address("", "dev", "/other")) is other
    assert apis.find(Address("", "dev", "/nowhere")) is API
    assert apis.find(Address("xyz", "dev", "/items/1")) is other
    assert apis.find(Address("xyz", "prod", "/other")) is None
    assert apis.stages == {"dev"}
