"""ListBuckets: the account's buckets, by name.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import buckets, listing

MOST = 10_000


@operation(auth=Auth.POLICY, action="s3:ListAllMyBuckets", resources=lambda request, ctx: buckets.arn("*"))
async def list_buckets(request: Input, ctx: Context) -> Output:
    """ListBuckets."""
    most = request.get("MaxBuckets", MOST)
    prefix = request.get("Prefix") or ""
    after = listing.entry_of(request["ContinuationToken"]) if request.get("ContinuationToken") else ""
    rows = ctx.store.all(
        "SELECT * FROM s3_buckets WHERE substr(name, 1, ?) = ? AND name > ? ORDER BY name LIMIT ?",
        (len(prefix), prefix, after, most + 1),
    )
    wanted = request.get("BucketRegion") or ctx.account.region
    shown = [
        {
            "Name": row["name"],
            "CreationDate": row["created_at"],
            "BucketRegion": row["region"],
            "BucketArn": buckets.arn(row["name"]),
        }
        for row in rows[:most]
        if row["region"] == wanted
    ]
    answer: Output = {"Owner": {"ID": buckets.owner_id(ctx.account)}, "Buckets": shown}
    if len(rows) > most:
        answer["ContinuationToken"] = listing.token_of(rows[most - 1]["name"])
    return {**answer, **({"Prefix": prefix} if prefix else {})}
