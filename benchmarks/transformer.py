"""The transformer on a schema of 50 models in either version, and what a guarded field costs."""

import time
from collections.abc import Callable
from functools import partial
from typing import Any

from benchmarks.scenarios import Row
from habitr_emulator.amplify.transform.flags import Flags
from habitr_emulator.amplify.transform.resources import Resources
from habitr_emulator.amplify.transform.transformer import Transformed, transform
from habitr_emulator.services.appsync.spec import FieldInfo, ResolverContext

MODELS, TIMES, READS = 50, 5, 20_000
_RULES = "@auth(rules: [{ allow: public }, { allow: private, operations: [read] }, { allow: owner }])"
_GUARD = "@auth(rules: [{ allow: public }, { allow: owner, operations: [read] }])"
_KEY = {
    1: '@key(name: "byShelf", fields: ["shelf", "rank"], queryField: "things{n}ByShelf")',
    2: '@index(name: "byShelf", sortKeyFields: ["rank"], queryField: "things{n}ByShelf")',
}


def schema(version: int) -> str:
    """50 models with owners, an index, a guarded field and ten more."""
    more = " ".join(f"field{place}: String" for place in range(10))
    found = []
    for n in range(MODELS):
        key = _KEY[version].format(n=n)
        on_type, on_field = (key, "") if version == 1 else ("", key)
        found.append(
            f"type Thing{n} @model {on_type} {_RULES} {{ id: ID! shelf: String {on_field} rank: Int "
            f"secret: String {_GUARD} owner: String {more} }}"
        )
    return "\n".join(found)


def made(version: int) -> Transformed:
    """The schema, transformed down to resolvers and tables."""
    flags = Flags.read({"transformerversion": version})
    return transform(schema(version), to=Resources(), flags=flags, providers=("userPools", "apiKey"))


def measure() -> list[Row]:
    """The transformer's times, and the cost of a guarded field for its owner."""
    rows = []
    for version in (2, 1):
        seconds = best(partial(made, version), TIMES)
        rows.append(Row(f"transformer V{version}, {MODELS} models", seconds * 1000, "ms", aim="< 100"))
    read: Any = made(2).resolvers["Thing0", "secret"].functions[0].request
    ctx = _owner()
    rows.append(Row("@auth of one field, an owner", best(lambda: _reads(read, ctx), TIMES) / READS * 1e6, "µs"))
    return rows


def _reads(read: Callable[[ResolverContext], Any], ctx: ResolverContext) -> None:
    for _ in range(READS):
        read(ctx)


def _owner() -> ResolverContext:
    claims = {"sub": "s", "username": "ann"}
    source = {"secret": "x", "owner": "s::ann"}
    info = FieldInfo("secret", "Thing0", {})
    mode = "AMAZON_COGNITO_USER_POOLS"
    return ResolverContext({}, source, {"claims": claims}, mode, info, "query", str, str)


def best(run: Callable[[], Any], times: int) -> float:
    """The best of several times, in seconds."""
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        run()
        found.append(time.perf_counter() - begun)
    return min(found)
