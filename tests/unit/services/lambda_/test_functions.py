"""Functions made, changed and removed by API calls."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from habitr_emulator.kernel.errors import NotBuilt
from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_.errors import (
    InvalidParameterValueException,
    PreconditionFailedException,
    ResourceConflictException,
    ResourceNotFoundException,
)

Make = Callable[..., Awaitable[Path]]
Invoke = Callable[..., Awaitable[Any]]
Zipped = Callable[..., bytes]
RETURNS = "import os\ndef handler(event, context):\n    return [{0!r}, os.environ.get('COLOUR')]\n"


def creation(code: bytes, **more: Any) -> dict[str, Any]:
    role = "arn:aws:iam::000000000000:role/r"
    made = {"FunctionName": "f", "Runtime": "python3.11", "Handler": "index.handler", "Role": role}
    return {**made, "Code": {"ZipFile": code}, **more}


async def test_a_created_function_is_described_and_runs(ctx: Context, invoke: Invoke, zipped: Zipped) -> None:
    code = zipped(RETURNS.format("one"))
    made = await ctx.services.lambda_.create_function(
        creation(code, Environment={"Variables": {"COLOUR": "{endpoint}"}}, Timeout=30)
    )
    assert made["FunctionArn"] == "arn:aws:lambda:us-east-1:000000000000:function:f"
    assert (made["State"], made["Version"], made["Timeout"], made["MemorySize"]) == ("Active", "$LATEST", 30, 128)
    assert made["CodeSize"] == len(code)
    assert (await invoke())["Payload"] == ["one", "{endpoint}"]
    found = await ctx.services.lambda_.get_function({"FunctionName": made["FunctionArn"]})
    assert found["Configuration"] == made


async def test_new_code_and_settings_take_effect(ctx: Context, invoke: Invoke, zipped: Zipped) -> None:
    service = ctx.services.lambda_
    await service.create_function(creation(zipped(RETURNS.format("one"))))
    assert (await invoke())["Payload"] == ["one", None]
    await service.update_function_code({"FunctionName": "f", "ZipFile": zipped(RETURNS.format("two"))})
    variables = {"Variables": {"COLOUR": "red"}}
    await service.update_function_configuration({"FunctionName": "f", "Environment": variables, "Timeout": 7})
    assert (await invoke())["Payload"] == ["two", "red"]
    assert (await service.get_function_configuration({"FunctionName": "f"}))["Timeout"] == 7


async def test_a_stale_revision_is_refused(ctx: Context, zipped: Zipped) -> None:
    await ctx.services.lambda_.create_function(creation(zipped("")))
    with pytest.raises(PreconditionFailedException):
        await ctx.services.lambda_.update_function_configuration({"FunctionName": "f", "RevisionId": "old"})


async def test_a_name_is_taken_once_even_by_the_project(ctx: Context, make: Make, zipped: Zipped) -> None:
    await make("")
    with pytest.raises(ResourceConflictException, match="Function already exist: f"):
        await ctx.services.lambda_.create_function(creation(zipped("")))


async def test_a_deleted_function_is_gone_and_its_name_free(
    ctx: Context, make: Make, invoke: Invoke, zipped: Zipped
) -> None:
    await make(RETURNS.format("project"))
    assert (await invoke())["Payload"][0] == "project"
    await ctx.services.lambda_.delete_function({"FunctionName": "f"})
    with pytest.raises(ResourceNotFoundException):
        await invoke()
    assert await ctx.services.lambda_.list_functions({}) == {"Functions": []}
    await ctx.services.lambda_.create_function(creation(zipped(RETURNS.format("own"))))
    assert (await invoke())["Payload"][0] == "own"


async def test_deploying_again_brings_the_project_back(ctx: Context, make: Make, invoke: Invoke) -> None:
    await make(RETURNS.format("project"), environment={"COLOUR": "{endpoint}/graphql"})
    change = {"FunctionName": "f", "Environment": {"Variables": {"COLOUR": "changed"}}}
    await ctx.services.lambda_.update_function_configuration(change)
    assert (await invoke())["Payload"][1] == "changed"
    await make(RETURNS.format("project"), environment={"COLOUR": "{endpoint}/graphql"})
    assert (await invoke())["Payload"][1] == f"{ctx.account.endpoint}/graphql"


async def test_functions_are_listed_in_pages(ctx: Context, make: Make, zipped: Zipped) -> None:
    await make("")
    for name in ("a", "g"):
        await ctx.services.lambda_.create_function(creation(zipped(""), FunctionName=name))
    page = await ctx.services.lambda_.list_functions({"MaxItems": 2})
    rest = await ctx.services.lambda_.list_functions({"Marker": page["NextMarker"]})
    assert [function["FunctionName"] for function in (*page["Functions"], *rest["Functions"])] == ["a", "f", "g"]
    assert "NextMarker" not in rest


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"Code": {"ZipFile": b"no zip"}}, "Could not unzip uploaded file"),
        ({"Code": {}}, "Please provide a source for function code"),
        ({"Environment": {"Variables": {"AWS_REGION": "x"}}}, "Reserved keys used in this request: AWS_REGION"),
    ],
)
async def test_a_wrong_creation_is_refused(
    ctx: Context, zipped: Zipped, change: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidParameterValueException, match=message):
        await ctx.services.lambda_.create_function({**creation(zipped("")), **change})


@pytest.mark.parametrize(
    "change", [{"ImageConfig": {"Command": ["x"]}}, {"PackageType": "Image"}, {"Runtime": "java21"}]
)
async def test_what_is_not_built_says_so(ctx: Context, zipped: Zipped, change: dict[str, Any]) -> None:
    with pytest.raises(NotBuilt):
        await ctx.services.lambda_.create_function(creation(zipped(""), **change))


@pytest.mark.parametrize("name", ["../outside.py", "/etc/outside.py"])
async def test_a_package_stays_in_its_folder(ctx: Context, zipped: Zipped, name: str) -> None:
    with pytest.raises(InvalidParameterValueException):
        await ctx.services.lambda_.create_function(creation(zipped("", name)))


async def test_permissions_are_the_functions_policy(ctx: Context, make: Make) -> None:
    await make("")
    service = ctx.services.lambda_
    request = {
        "FunctionName": "f",
        "StatementId": "cognito",
        "Action": "lambda:InvokeFunction",
        "Principal": "cognito-idp.amazonaws.com",
        "SourceArn": "arn:aws:cognito-idp:us-east-1:000000000000:userpool/p",
    }
    added = await service.add_permission(request)
    assert (await service.get_policy({"FunctionName": "f"}))["Policy"].count(added["Statement"]) == 1
    with pytest.raises(ResourceConflictException):
        await service.add_permission(request)
    await service.remove_permission({"FunctionName": "f", "StatementId": "cognito"})
    with pytest.raises(ResourceNotFoundException):
        await service.get_policy({"FunctionName": "f"})
