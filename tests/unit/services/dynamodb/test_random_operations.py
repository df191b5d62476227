"""Random writes against a plain dictionary: table and indexes must agree with it at every step."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from habitr_emulator.wire.attribute_value import Item

keys = st.tuples(st.sampled_from(["p", "q"]), st.sampled_from(["1", "2", "3"]))
bodies = st.fixed_dictionaries(
    {}, optional={"g1": st.sampled_from(["a", "b"]), "gn": st.integers(-2, 2) | st.just(0.5)}
)
writes = st.one_of(
    st.tuples(st.just("put"), keys, bodies),
    st.tuples(st.just("set"), keys, st.integers(-2, 2)),
    st.tuples(st.just("remove"), keys, st.sampled_from(["g1", "gn"])),
    st.tuples(st.just("delete"), keys, st.none()),
)


async def write(
    call: Any, model: dict[tuple[str, str], Any], action: str, key: tuple[str, str], detail: Any
) -> None:
    named = {"pk": key[0], "sk": key[1]}
    if action == "put":
        await call("put_item", Item=Item.from_plain({**named, **detail}))
        model[key] = {**named, **detail}
    elif action == "delete":
        await call("delete_item", Key=Item.from_plain(named))
        model.pop(key, None)
    else:
        expression = "SET gn = :v" if action == "set" else f"REMOVE {detail}"
        values = {"ExpressionAttributeValues": Item.from_plain({":v": detail})} if action == "set" else {}
        await call("update_item", Key=Item.from_plain(named), UpdateExpression=expression, **values)
        item = model.setdefault(key, dict(named))
        if action == "set":
            item["gn"] = detail
        else:
            item.pop(detail, None)


async def check(call: Any, model: dict[tuple[str, str], Any]) -> None:
    found = [item.plain for item in (await call("scan"))["Items"]]
    assert found == [model[key] for key in sorted(model)]
    for group in "ab":
        answer = await call(
            "query",
            IndexName="gsi",
            KeyConditionExpression="g1 = :g",
            ExpressionAttributeValues=Item.from_plain({":g": group}),
        )
        members = [item for item in model.values() if item.get("g1") == group and "gn" in item]
        expected = sorted(members, key=lambda item: (item["gn"], item["pk"], item["sk"]))
        assert [item.plain for item in answer["Items"]] == expected


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(writes, max_size=12))
async def test_table_and_index_agree_with_a_dictionary(
    call: Any, definition: dict[str, Any], steps: list[Any]
) -> None:
    await call("delete_table")
    await call("create_table", **definition)
    model: dict[tuple[str, str], Any] = {}
    for step in steps:
        await write(call, model, *step)
        await check(call, model)
