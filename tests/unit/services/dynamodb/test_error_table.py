"""Every refused request of the error table: the code and the service's own words."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.context import Context
from habitr_emulator.wire.attribute_value import Item
from habitr_emulator.wire.json_rpc import dumps, loads
from habitr_emulator.wire.json_shapes import read
from habitr_emulator.wire.model import InvalidInput, UnparsableInput, service
from habitr_emulator.wire.refusals import invalid_input

CASES: dict[str, Any] = json.loads((Path(__file__).parents[3] / "data" / "dynamodb_errors.json").read_text())
TABLE: dict[str, Any] = {
    "TableName": "errors",
    "BillingMode": "PAY_PER_REQUEST",
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    "AttributeDefinitions": [
        {"AttributeName": name, "AttributeType": kind}
        for name, kind in {"pk": "S", "sk": "S", "g1": "S", "g2": "S", "gn": "N", "l1": "S"}.items()
    ],
}
ITEM = {"pk": "key", "sk": "1", "n": 5, "str": "hello", "l": [1], "a": {"b": 1}}


def index(name: str, first: str, second: str | None, kind: str = "ALL", *others: str) -> dict[str, Any]:
    keys = [(first, "HASH"), (second, "RANGE")]
    return {
        "IndexName": name,
        "KeySchema": [{"AttributeName": each, "KeyType": part} for each, part in keys if each],
        "Projection": {"ProjectionType": kind} | ({"NonKeyAttributes": list(others)} if others else {}),
    }


def expand(value: Any) -> Any:
    """``@T@`` is the table, ``{"repeat": [text, count]}`` a long text."""
    if isinstance(value, dict):
        if value.keys() == {"repeat"}:
            return value["repeat"][0] * value["repeat"][1]
        return {"errors" if name == "@T@" else name: expand(member) for name, member in value.items()}
    if isinstance(value, list):
        return [expand(member) for member in value]
    return "errors" if value == "@T@" else value


@pytest.fixture
async def table(ctx: Context) -> None:
    indexes = [
        index("gsi1", "g1", "g2"),
        index("gsi_n", "g1", "gn", "INCLUDE", "x"),
        index("gsi_k", "g1", None, "KEYS_ONLY"),
    ]
    local = [index("lsi1", "pk", "l1", "KEYS_ONLY")]
    request = {**TABLE, "GlobalSecondaryIndexes": indexes, "LocalSecondaryIndexes": local}
    await ctx.services.dynamodb.create_table(request)
    for item in (ITEM, {"pk": "keyseed", "sk": "1", "str": "x"}):
        await ctx.services.dynamodb.put_item({"TableName": "errors", "Item": Item.from_plain(item)})


async def send(ctx: Context, name: str, request: dict[str, Any]) -> Any:
    """The request as a client's body: parsed by the model, then done."""
    operation = service("dynamodb").operations[name]
    assert operation.input is not None
    try:
        parsed = read(operation.input, loads(dumps(request)))
    except (InvalidInput, UnparsableInput) as broken:
        raise invalid_input(operation.service, broken) from broken
    return await ctx.account.registry.call("dynamodb", operation.snake, parsed, ctx)


def differs(case: dict[str, Any], error: AwsError) -> bool:
    message = (case["message"] or "re:").replace("@T@", "errors")  # some cases tell the code only
    pattern = message.removeprefix("re:") if message.startswith("re:") else f"^{re.escape(message)}$"
    return error.code not in case["codes"] or not re.search(pattern, error.message)


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize("operation", sorted({case["operation"] for case in CASES.values()}))
async def test_bad_requests_are_refused_in_the_words_of_the_service(ctx: Context, operation: str) -> None:
    wrong: dict[str, str] = {}
    for label, case in CASES.items():
        if case["operation"] == operation:
            try:
                await send(ctx, operation, expand(case["request"]))
                wrong[label] = "was not refused"
            except AwsError as error:
                if differs(case, error):
                    wrong[label] = f"{error.code}: {error.message}"
    assert wrong == {}
