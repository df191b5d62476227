"""Versions, aliases, layers, tags and reserved concurrency of functions."""

import asyncio
import json
import os
import zipfile
from collections.abc import Awaitable, Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_.errors import (
    InvalidParameterValueException,
    ResourceConflictException,
    ResourceNotFoundException,
    TooManyRequestsException,
)
from tests.unit.services.lambda_.conftest import Invoke, Make

Call = Callable[..., Awaitable[dict[str, Any]]]
Zipped = Callable[..., bytes]
SAYS = "def handler(event, context):\n    return [{!r}, context.function_version, context.invoked_function_arn]\n"
ARN = "arn:aws:lambda:us-east-1:000000000000:function:f"


@pytest.fixture
def call(ctx: Context) -> Call:
    async def called(operation: str, **request: Any) -> dict[str, Any]:
        return await ctx.account.registry.call("lambda_", operation, {"FunctionName": "f", **request}, ctx)

    return called


@pytest.fixture
async def f(call: Call, zipped: Zipped) -> None:
    """The function ``f``, which says ``one``."""
    await create(call, zipped(SAYS.format("one")))


async def create(call: Call, package: bytes, **more: Any) -> dict[str, Any]:
    role = "arn:aws:iam::000000000000:role/r"
    settings = {"Role": role, "Runtime": "python3.11", "Handler": "index.handler"}
    return await call("create_function", Code={"ZipFile": package}, **settings, **more)


@pytest.mark.usefixtures("f")
async def test_a_version_keeps_the_code_it_was_published_with(call: Call, zipped: Zipped, invoke: Invoke) -> None:
    first = await call("publish_version", Description="the first")
    assert (first["Version"], first["FunctionArn"], first["Description"]) == ("1", f"{ARN}:1", "the first")
    await call("update_function_code", ZipFile=zipped(SAYS.format("two")), Publish=True)
    assert (await invoke(Qualifier="1"))["Payload"] == ["one", "1", f"{ARN}:1"]
    assert (await invoke(Qualifier="2"))["Payload"] == ["two", "2", f"{ARN}:2"]
    answer = await invoke()
    assert (answer["Payload"], answer["ExecutedVersion"]) == (["two", "$LATEST", ARN], "$LATEST")
    listed = (await call("list_versions_by_function"))["Versions"]
    assert [each["Version"] for each in listed] == ["$LATEST", "1", "2"]


@pytest.mark.usefixtures("f")
async def test_nothing_is_published_twice_and_no_number_comes_again(call: Call, zipped: Zipped) -> None:
    assert [(await call("publish_version"))["Version"] for _ in range(2)] == ["1", "1"]
    await call("delete_function", Qualifier="1")
    assert (await call("publish_version"))["Version"] == "2"
    with pytest.raises(ResourceNotFoundException):
        await call("get_function_configuration", Qualifier="1")
    with pytest.raises(InvalidParameterValueException):
        await call("publish_version", CodeSha256="another")


async def test_a_function_of_the_project_has_versions_too(make: Make, call: Call, invoke: Invoke) -> None:
    folder = await make(SAYS.format("project"))
    await call("publish_version")
    (folder / "index.py").write_text(SAYS.format("changed"))
    assert (await invoke(Qualifier="1"))["Payload"][0] == "project"


@pytest.mark.usefixtures("f")
async def test_an_alias_names_a_version(call: Call, zipped: Zipped, invoke: Invoke) -> None:
    await call("publish_version")
    await call("update_function_code", ZipFile=zipped(SAYS.format("two")), Publish=True)
    made = await call("create_alias", Name="live", FunctionVersion="1")
    assert (made["AliasArn"], made["FunctionVersion"]) == (f"{ARN}:live", "1")
    assert (await invoke(FunctionName="f:live"))["Payload"] == ["one", "1", f"{ARN}:live"]
    await call("update_alias", Name="live", FunctionVersion="2")
    assert (await invoke(FunctionName=f"{ARN}:live"))["Payload"] == ["two", "2", f"{ARN}:live"]
    assert [each["Name"] for each in (await call("list_aliases"))["Aliases"]] == ["live"]
    with pytest.raises(ResourceConflictException):
        await call("create_alias", Name="live", FunctionVersion="1")
    with pytest.raises(ResourceConflictException):
        await call("delete_function", Qualifier="2")
    with pytest.raises(ResourceNotFoundException):
        await call("create_alias", Name="other", FunctionVersion="9")
    await call("delete_alias", Name="live")
    with pytest.raises(ResourceNotFoundException):
        await call("get_alias", Name="live")


@pytest.mark.usefixtures("f")
async def test_an_alias_shares_calls_by_weight(call: Call, zipped: Zipped, invoke: Invoke) -> None:
    await call("publish_version")
    await call("update_function_code", ZipFile=zipped(SAYS.format("two")), Publish=True)
    weights = {"AdditionalVersionWeights": {"2": 1.0}}
    await call("create_alias", Name="live", FunctionVersion="1", RoutingConfig=weights)
    assert (await invoke(Qualifier="live"))["ExecutedVersion"] == "2"
    await call("update_alias", Name="live", RoutingConfig={"AdditionalVersionWeights": {"2": 0.0}})
    assert (await invoke(Qualifier="live"))["ExecutedVersion"] == "1"


@pytest.mark.usefixtures("f")
async def test_a_version_or_alias_has_a_policy_of_its_own(call: Call) -> None:
    await call("publish_version")
    await call("create_alias", Name="live", FunctionVersion="1")
    grant = {"StatementId": "s", "Action": "lambda:InvokeFunction", "Principal": "s3.amazonaws.com"}
    await call("add_permission", Qualifier="live", **grant)
    policy = json.loads((await call("get_policy", Qualifier="live"))["Policy"])
    assert policy["Statement"][0]["Resource"] == f"{ARN}:live"
    with pytest.raises(ResourceNotFoundException):
        await call("get_policy")
    await call("remove_permission", FunctionName="f:live", StatementId="s")


async def test_a_layer_is_on_the_search_path(call: Call, zipped: Zipped, invoke: Invoke) -> None:
    for text in ("old", "new"):
        layer = await call(
            "publish_layer_version",
            LayerName="shared",
            Content={"ZipFile": zipped(f"WORD = {text!r}\n", "python/shared.py")},
            CompatibleRuntimes=["python3.11"],
        )
    assert (layer["Version"], layer["LayerVersionArn"][-2:]) == (2, ":2")
    code = "import shared\n\n\ndef handler(event, context):\n    return shared.WORD\n"
    made = await create(call, zipped(code), Layers=[layer["LayerVersionArn"]])
    assert made["Layers"][0]["Arn"] == layer["LayerVersionArn"]
    assert (await invoke())["Payload"] == "new"
    first = layer["LayerVersionArn"][:-1] + "1"
    await call("update_function_configuration", Layers=[first])
    assert (await invoke())["Payload"] == "old"
    listed = (await call("list_layers"))["Layers"]
    assert [(each["LayerName"], each["LatestMatchingVersion"]["Version"]) for each in listed] == [("shared", 2)]
    assert (await call("list_layers", CompatibleRuntime="nodejs20.x"))["Layers"] == []
    await call("delete_layer_version", LayerName="shared", VersionNumber=2)
    assert [v["Version"] for v in (await call("list_layer_versions", LayerName="shared"))["LayerVersions"]] == [1]
    with pytest.raises(InvalidParameterValueException):
        await call("update_function_configuration", Layers=[layer["LayerVersionArn"]])


async def test_code_comes_from_a_bucket(ctx: Context, call: Call, zipped: Zipped, invoke: Invoke) -> None:
    await ctx.services.s3.create_bucket({"Bucket": "code"})
    padding = BytesIO()
    with zipfile.ZipFile(padding, "w") as archive:  # so large that it is not read into memory by S3
        archive.writestr("index.py", SAYS.format("stored"))
        archive.writestr("padding", os.urandom(2_000_000))
    await ctx.services.s3.put_object({"Bucket": "code", "Key": "f.zip", "Body": padding.getvalue()})
    role = "arn:aws:iam::000000000000:role/r"
    settings = {"Role": role, "Runtime": "python3.11", "Handler": "index.handler"}
    await call("create_function", Code={"S3Bucket": "code", "S3Key": "f.zip"}, **settings)
    assert (await invoke())["Payload"][0] == "stored"
    with pytest.raises(InvalidParameterValueException, match="S3 Error Code: NoSuchKey"):
        await call("update_function_code", S3Bucket="code", S3Key="none")


@pytest.mark.usefixtures("f")
async def test_tags_come_and_go(call: Call) -> None:
    await call("tag_resource", Resource=ARN, Tags={"a": "1", "b": "2"})
    await call("untag_resource", Resource=ARN, TagKeys=["a"])
    assert (await call("list_tags", Resource=ARN))["Tags"] == {"b": "2"}
    assert (await call("get_function"))["Tags"] == {"b": "2"}


async def test_reserved_concurrency_limits_what_runs_at_once(
    make: Make, call: Call, invoke: Invoke, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    await make(f"def handler(event, context):\n    return event or open({str(gate)!r}).read()\n", timeout=30)
    await call("put_function_concurrency", ReservedConcurrentExecutions=1)
    waiting = asyncio.ensure_future(invoke())
    writer = await asyncio.to_thread(gate.open, "w")  # opens when the function reads
    with pytest.raises(TooManyRequestsException) as refused:
        await invoke("x")
    assert refused.value.fields["Reason"] == "ReservedFunctionConcurrentInvocationLimitExceeded"
    writer.close()
    await waiting
    assert (await call("get_function_concurrency"))["ReservedConcurrentExecutions"] == 1
    await call("put_function_concurrency", ReservedConcurrentExecutions=0)
    with pytest.raises(TooManyRequestsException):
        await invoke("x")
    await call("delete_function_concurrency")
    assert (await invoke("x"))["Payload"] == "x"


@pytest.mark.usefixtures("f")
async def test_a_deleted_function_leaves_nothing(ctx: Context, call: Call) -> None:
    await call("publish_version")
    await call("create_alias", Name="live", FunctionVersion="1")
    await call("delete_function")
    assert ctx.store.all("SELECT * FROM lambda_code") == []
    assert (await call("get_account_settings"))["AccountUsage"] == {"TotalCodeSize": 0, "FunctionCount": 0}
