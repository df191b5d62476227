"""Tags of tables, kept in the catalogue as a JSON object.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Tagging.html
"""

from collections.abc import Callable, Iterable, Mapping

import orjson

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb.errors import ResourceNotFoundException, ValidationException, invalid

MOST_TAGS = 50


def of_list(tags: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Tags of a request as a dict. Raises ValidationException."""
    listed = list(tags)
    found = {tag["Key"]: tag["Value"] for tag in listed}
    if len(found) < len(listed):
        raise invalid("Duplicate tag keys are not allowed")  # guess: wording
    return found


def read(ctx: Context, arn: str) -> dict[str, str]:
    """The tags of a table. Raises ResourceNotFoundException, ValidationException."""
    row = ctx.store.one("SELECT tags FROM dynamodb_table WHERE name = ?", (table_name(ctx, arn),))
    if row is None:
        raise _not_found(arn)
    found: dict[str, str] = orjson.loads(row["tags"])
    return found


async def change(ctx: Context, arn: str, update: Callable[[dict[str, str]], dict[str, str]]) -> None:
    """Replace the tags of a table. Raises ResourceNotFoundException, ValidationException."""
    name = table_name(ctx, arn)

    def write(tx: Transaction) -> None:
        row = tx.one("SELECT tags FROM dynamodb_table WHERE name = ?", (name,))
        if row is None:
            raise _not_found(arn)
        tags = update(orjson.loads(row["tags"]))
        if len(tags) > MOST_TAGS:
            raise ValidationException(f"The number of tags exceeds the limit of {MOST_TAGS}")  # guess: wording
        tx.execute("UPDATE dynamodb_table SET tags = ? WHERE name = ?", (orjson.dumps(tags).decode(), name))

    await ctx.store.write(write)


def table_name(ctx: Context, arn: str) -> str:
    """The table of a ResourceArn. Raises ValidationException."""
    prefix = ctx.account.arn("dynamodb", "table/")
    if not arn.startswith(prefix):
        raise invalid(f"Invalid ResourceArn: {arn}")  # guess: wording
    return arn.removeprefix(prefix)


def _not_found(arn: str) -> ResourceNotFoundException:
    return ResourceNotFoundException(f"Requested resource not found: ResourcArn: {arn} not found")
