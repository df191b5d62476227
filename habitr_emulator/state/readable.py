"""The readable half of an export: users, rows, objects and mail as JSON, asked of the services' own APIs."""

import base64
import json
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any

from habitr_emulator.services.context import Context

Page = Mapping[str, Any]


async def write(ctx: Context, folder: Path) -> None:
    """Write ``users/<pool>.json``, ``tables/<table>.jsonl``, ``buckets/<bucket>.json`` and ``inbox.json``."""
    for kind in ("users", "tables", "buckets"):
        (folder / kind).mkdir(parents=True)
    await _users(ctx, folder / "users")
    await _tables(ctx, folder / "tables")
    await _buckets(ctx, folder / "buckets")
    _write(folder / "inbox.json", ctx.account.inbox.messages())


async def _users(ctx: Context, folder: Path) -> None:
    idp = ctx.services.cognito_idp
    async for pools in _pages(idp.list_user_pools, {"MaxResults": 60}, "NextToken"):
        for pool in pools["UserPools"]:
            users: list[Any] = []
            async for page in _pages(idp.list_users, {"UserPoolId": pool["Id"]}, "PaginationToken"):
                users += page["Users"]
            for user in users:
                asked = {"UserPoolId": pool["Id"], "Username": user["Username"]}
                groups = (await idp.admin_list_groups_for_user(asked))["Groups"]
                user["Groups"] = [group["GroupName"] for group in groups]
            _write(folder / f"{pool['Id']}.json", {"Name": pool["Name"], "Users": users})


async def _tables(ctx: Context, folder: Path) -> None:
    dynamodb = ctx.services.dynamodb
    async for tables in _pages(dynamodb.list_tables, {}, "LastEvaluatedTableName", "ExclusiveStartTableName"):
        for name in tables["TableNames"]:
            with (folder / f"{name}.jsonl").open("w") as file:
                asked = {"TableName": name}
                async for page in _pages(dynamodb.scan, asked, "LastEvaluatedKey", "ExclusiveStartKey"):
                    file.writelines(_line(item) for item in page["Items"])


async def _buckets(ctx: Context, folder: Path) -> None:
    s3 = ctx.services.s3
    for bucket in (await s3.list_buckets({}))["Buckets"]:
        objects: list[Any] = []
        asked = {"Bucket": bucket["Name"]}
        async for page in _pages(s3.list_objects_v2, asked, "NextContinuationToken", "ContinuationToken"):
            for found in page.get("Contents", ()):
                head = await s3.head_object({"Bucket": bucket["Name"], "Key": found["Key"]})
                told = {name: head[name] for name in ("ContentType", "Metadata") if head.get(name)}
                objects.append({**found, **told})
        _write(folder / f"{bucket['Name']}.json", objects)


async def _pages(
    call: Callable[[Mapping[str, Any]], Any], asked: Page, mark: str, again: str = ""
) -> AsyncIterator[Page]:
    """Every page of a listing; ``mark`` of the answer is ``again`` (or of the same name) of the next request."""
    more: dict[str, Any] = {}
    while True:
        page = await call({**asked, **more})
        yield page
        if not page.get(mark):
            return
        more = {again or mark: page[mark]}


def _write(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False, default=_plain) + "\n")


def _line(item: Any) -> str:
    return json.dumps(item, ensure_ascii=False, default=_plain) + "\n"


def _plain(value: Any) -> Any:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)
