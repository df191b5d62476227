"""The project's indexes: made if missing, filled with what their tables hold already."""

from typing import Any

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.context import Context
from habitr_emulator.services.opensearch import index
from habitr_emulator.services.opensearch.spec import Index
from habitr_emulator.wire.attribute_value import Item


async def deploy(context: Context, spec: Index) -> None:
    """Let ``spec``'s index follow its table from now on; an index that is not in step is filled again."""

    def make(tx: Transaction) -> tuple[int, int]:
        tx.execute(
            "INSERT INTO opensearch_index (name, table_name) VALUES (?, ?) "
            "ON CONFLICT (name) DO UPDATE SET table_name = excluded.table_name",
            (spec.name, spec.table_name),
        )
        row = tx.one("SELECT number FROM opensearch_index WHERE name = ?", (spec.name,))
        assert row is not None
        count = tx.one("SELECT count(*) FROM opensearch_document WHERE index_number = ?", (row["number"],))
        return row["number"], count[0] if count else 0

    number, documents = await context.store.write(make)
    context.account.followers[spec.table_name] = index.Follower(spec.name)
    table = (await context.services.dynamodb.describe_table({"TableName": spec.table_name}))["Table"]
    if documents != table["ItemCount"]:
        keys = [each["AttributeName"] for each in table["KeySchema"]]
        await _fill(context, number, spec.table_name, keys)


async def _fill(context: Context, number: int, table_name: str, keys: list[str]) -> None:
    await context.store.write(lambda tx: index.clear(tx, number), long=True)
    request: dict[str, Any] = {"TableName": table_name}
    while True:
        page = await context.services.dynamodb.scan(request)
        sources = [Item.from_typed(item).plain for item in page["Items"]]

        def put_all(tx: Transaction, sources: list[dict[str, Any]] = sources) -> None:
            for source in sources:
                index.put(tx, number, "|".join(str(source.get(name)) for name in keys), source)

        await context.store.write(put_all, long=True)
        if not page.get("LastEvaluatedKey"):
            return
        request["ExclusiveStartKey"] = page["LastEvaluatedKey"]
