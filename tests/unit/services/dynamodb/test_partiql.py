from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.context import Caller, Context
from habitr_emulator.services.dynamodb.errors import TransactionCanceledException
from habitr_emulator.services.dynamodb.partiql.parser import parse
from habitr_emulator.services.dynamodb.partiql.statements import Insert, Select
from habitr_emulator.wire.attribute_value import Item
from habitr_emulator.wire.typed_value import AttributeSet, encode

KEY = "pk = 'p' AND sk = "


@pytest.fixture
async def sql(call: Any) -> Any:
    """``await sql("SELECT …", 1, "x")``: the plain items, in a table of three items."""
    for sk, n in (("a", 1), ("b", 2), ("c", 3)):
        tags = AttributeSet("SS", ("x", "y"))
        more = {"g1": "g", "gn": -n, "n": n, "m": {"deep": {"er": sk}}, "l": [n, n + 1, n + 2], "tags": tags}
        await call("put_item", Item=Item.from_plain({"pk": "p", "sk": sk, **more}))
    await call("put_item", Item=Item.from_plain({"pk": "q", "sk": "a", "n": None}))

    async def run(statement: str, *parameters: Any, **more: Any) -> list[dict[str, Any]]:
        bound = {"Parameters": [encode(value) for value in parameters]} if parameters else {}
        answer = await call("execute_statement", TableName=None, Statement=statement, **bound, **more)
        return [item.plain for item in answer["Items"]]

    return run


@pytest.mark.parametrize(
    ("where", "parameters", "found"),
    [
        ("pk = 'p'", (), "abc"),
        ("pk = ? AND sk > ?", ("p", "a"), "bc"),
        ("'p' = pk AND begins_with(sk, 'b')", (), "b"),
        ("pk = 'p' AND sk BETWEEN 'a' AND 'b' AND n <> 1", (), "b"),
        ("n IN [1, 3]", (), "ac"),
        ("n IN (?, 2)", (1,), "ab"),
        ("NOT (n = 1 OR n = 2) AND pk = 'p'", (), "c"),
        ("n NOT BETWEEN 1 AND 2 AND pk = 'p'", (), "c"),
        ("n >= 2.5", (), "c"),
        ("gn = -2", (), "b"),
        ("m.deep.er = 'c'", (), "c"),
        ("l[0] = 2", (), "b"),
        ("l = [1, 2, 3]", (), "a"),
        ("m = {'deep': {'er': 'b'}}", (), "b"),
        ("tags = <<'y', 'x'>> AND sk = 'a'", (), "a"),
        ("contains(tags, 'x') AND n = 3", (), "c"),
        ("attribute_type(n, 'N') AND n < 2", (), "a"),
        ("size(l) = 3 AND n != 2", (), "ac"),
        ("g1 IS MISSING", (), "a"),
        ("g1 IS NOT MISSING AND n = 1", (), "a"),
        ("n IS NULL", (), "a"),
        ("n IS NOT NULL", (), "abc"),
        ("\"sk\" = 'it''s'", (), ""),
    ],
)
async def test_select_finds_what_its_condition_says(
    sql: Any, where: str, parameters: tuple[Any, ...], found: str
) -> None:
    items = await sql(f'SELECT sk FROM "main" WHERE {where}', *parameters)
    assert "".join(item["sk"] for item in items) == found


async def test_select_orders_limits_and_goes_on(sql: Any, call: Any) -> None:
    statement = "SELECT sk FROM main WHERE pk = 'p' ORDER BY sk DESC"
    assert [item["sk"] for item in await sql(statement)] == ["c", "b", "a"]
    seen: list[str] = []
    token: dict[str, Any] = {}
    while not seen or token["NextToken"]:
        page = await call("execute_statement", TableName=None, Statement=statement, Limit=2, **token)
        seen.append("".join(item.plain["sk"] for item in page["Items"]))
        token = {"NextToken": page.get("NextToken")}
    assert seen == ["cb", "a"]
    with pytest.raises(AwsError):
        await call("execute_statement", TableName=None, Statement="SELECT * FROM main", NextToken="bm9uc2Vuc2U=")


async def test_select_walks_an_index_and_shows_what_it_projects(sql: Any) -> None:
    assert [item["sk"] for item in await sql("SELECT sk FROM main.gsi WHERE g1 = 'g'")] == ["c", "b", "a"]
    assert [item["sk"] for item in await sql('SELECT sk FROM "main"."gsi"')] == ["c", "b", "a"]
    (item,) = await sql("SELECT * FROM main.keys WHERE g1 = 'g' AND pk = 'p' AND sk = 'a'")
    assert item == {"pk": "p", "sk": "a", "g1": "g"}


async def test_nested_paths_are_shown_under_their_last_name(sql: Any) -> None:
    (item,) = await sql(f"SELECT n, m.deep.er, l[2], l[1], nowhere FROM main WHERE {KEY}'a'")
    assert item == {"n": 1, "er": "a", "l[2]": 3, "l[1]": 2}


async def test_insert_creates_only(sql: Any, call: Any) -> None:
    statement = "INSERT INTO main VALUE {'pk': ?, 'sk': 'new', 'list': [1, ?, {'a': null}], 'b': true}"
    assert await sql(statement, "p", "x") == []
    (item,) = await sql(f"SELECT * FROM main WHERE {KEY}'new'")
    assert item == {"pk": "p", "sk": "new", "list": [1, "x", {"a": None}], "b": True}
    with pytest.raises(AwsError) as error:
        await sql(statement, "p", "y")
    assert (error.value.code, error.value.message) == (
        "DuplicateItemException",
        "Duplicate primary key exists in table",
    )


async def test_update_sets_removes_and_returns(sql: Any) -> None:
    statement = (
        "UPDATE main SET n = n + 1 SET m.deep.er = ?, l = list_append(l, [9]) SET tags = set_add(tags, <<'z'>>) "
        f"REMOVE gn WHERE {KEY}'a' AND n = 1 RETURNING ALL NEW *"
    )
    (item,) = await sql(statement, "new")
    assert (item["n"], item["m"], item["l"]) == (2, {"deep": {"er": "new"}}, [1, 2, 3, 9])
    assert item["tags"] == ["x", "y", "z"]
    assert "gn" not in item
    (item,) = await sql(
        "UPDATE main SET tags = set_delete(tags, <<'x'>>) WHERE sk = 'a' AND pk = 'p' RETURNING MODIFIED OLD *"
    )
    assert item == {"tags": ["x", "y", "z"]}


@pytest.mark.parametrize("where", [f"{KEY}'a' AND n = 7", f"{KEY}'nobody'", f"{KEY}'a' AND pk = 'q'"])
async def test_update_changes_only_what_is_there_and_fits(sql: Any, where: str) -> None:
    with pytest.raises(AwsError) as error:
        await sql(f"UPDATE main SET n = 9 WHERE {where}")
    assert error.value.code == "ConditionalCheckFailedException"


async def test_delete_returns_what_was_there(sql: Any) -> None:
    (item,) = await sql(f"DELETE FROM main WHERE {KEY}'a' AND n = 1 RETURNING ALL OLD *")
    assert item["n"] == 1
    assert await sql(f"DELETE FROM main WHERE {KEY}'a'") == []
    with pytest.raises(AwsError) as error:
        await sql(f"DELETE FROM main WHERE {KEY}'b' AND n = 7")
    assert error.value.code == "ConditionalCheckFailedException"


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("UPDATE main SET n = 1 WHERE pk = 'p'", "mandatory equality on all key attributes"),
        ("UPDATE main SET sk = 'x' WHERE pk = 'p' AND sk = 'a'", "Cannot update attribute sk"),
        ("UPDATE main SET m = 1, m.x = 2 WHERE pk = 'p' AND sk = 'a'", "overlap"),
        ("SELECT * FROM main WHERE pk = ?", "Number of parameters in request and statement don't match"),
        ("SELECT * FROM main ORDER BY sk", "Must have WHERE clause"),
        ("SELECT * FROM", "wasn't well formed"),
        ("SELECT * FROM main WHERE foo(pk)", "Invalid function name; function: foo"),
        ("SELECT * FROM main WHERE pk = 'p' nonsense", "Unexpected token: nonsense"),
        ("INSERT INTO main VALUE {'pk': 'p', 'sk': 's', 'x': <<1, 'a'>>}", "members of one type"),
        ("INSERT INTO main VALUE {'pk': 'p', 'sk': 's', 'x': <<1, 1>>}", "contains duplicates"),
        ("INSERT INTO main VALUE {'pk': 'p'}", "Key attribute should be present in the item: Key sk"),
        ("SELECT * FROM main WHERE " + "(" * 200 + "n = 1" + ")" * 200, "nested too deeply"),
        ("INSERT INTO main VALUE {'pk': 'p', 'sk': 's', 'x': " + "[" * 99 + "]" * 99 + "}", "nested too deeply"),
        ("DROP TABLE main", "wasn't well formed"),
    ],
)
async def test_a_bad_statement_is_refused(sql: Any, statement: str, message: str) -> None:
    with pytest.raises(AwsError) as error:
        await sql(statement)
    assert error.value.code == "ValidationException"
    assert message in error.value.message


async def test_a_batch_answers_each_statement_on_its_own(sql: Any, call: Any) -> None:
    reads = [f"SELECT n FROM main WHERE {KEY}'{sk}'" for sk in ("b", "nobody")]
    statements = [*reads, "SELECT * FROM main", "SELECT * FROM other_table WHERE x = 1"]
    answer = await call(
        "batch_execute_statement", TableName=None, Statements=[{"Statement": each} for each in statements]
    )
    first, second, third, fourth = answer["Responses"]
    assert (first["TableName"], first["Item"].plain) == ("main", {"n": 2})
    assert second == {"TableName": "main"}
    assert third["Error"]["Code"] == "ValidationError"
    assert fourth["Error"]["Code"] == "ResourceNotFound"
    writes = ["INSERT INTO main VALUE {'pk': 'p', 'sk': 'a'}", f"DELETE FROM main WHERE {KEY}'b'"]
    answer = await call(
        "batch_execute_statement", TableName=None, Statements=[{"Statement": each} for each in writes]
    )
    assert answer["Responses"][0]["Error"]["Code"] == "DuplicateItem"
    assert answer["Responses"][1] == {"TableName": "main"}
    assert await sql(f"SELECT * FROM main WHERE {KEY}'b'") == []


async def test_a_transaction_of_statements_happens_together_or_not(sql: Any, call: Any) -> None:
    async def transact(*statements: str) -> dict[str, Any]:
        given = [{"Statement": statement} for statement in statements]
        answer: dict[str, Any] = await call("execute_transaction", TableName=None, TransactStatements=given)
        return answer

    exists = "EXISTS(SELECT * FROM main WHERE pk = 'p' AND sk = 'a' AND n = {})"
    update = f"UPDATE main SET n = 9 WHERE {KEY}'b'"
    with pytest.raises(TransactionCanceledException) as error:
        await transact(exists.format(7), update, "INSERT INTO main VALUE {'pk': 'p', 'sk': 'c'}")
    codes = [reason["Code"] for reason in error.value.fields["CancellationReasons"]]
    assert codes == ["ConditionalCheckFailed", "None", "DuplicateItem"]
    assert await transact(exists.format(1), update) == {"Responses": []}
    answer = await transact(*(f"SELECT n FROM main WHERE {KEY}'{sk}'" for sk in ("b", "nobody")))
    assert [response.get("Item") for response in answer["Responses"]] == [Item.from_plain({"n": 9}), None]
    with pytest.raises(AwsError):
        await transact(update, f"SELECT n FROM main WHERE {KEY}'b'")


async def test_each_statement_is_authorized(sql: Any, call: Any, ctx: Context) -> None:
    asked: list[tuple[str, str]] = []
    ctx.account.authorizer = lambda context, action, resource, *_: asked.append((action, resource))
    ctx.caller = Caller("signed")
    await sql("SELECT * FROM main.gsi")
    await sql(f"DELETE FROM main WHERE {KEY}'b'")
    arn = "arn:aws:dynamodb:us-east-1:000000000000:table/main"
    wanted = [(action, resource) for action, resource in asked if action]
    assert wanted == [("dynamodb:PartiQLSelect", f"{arn}/index/gsi"), ("dynamodb:PartiQLDelete", arn)]


natives = st.recursive(
    st.text() | st.integers(-(10**20), 10**20) | st.booleans() | st.none(),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(min_size=1), inside, max_size=3),
    max_leaves=8,
)


def literal(value: Any) -> str:
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{literal(name)}: {literal(member)}" for name, member in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(literal, value)) + "]"
    return str(value).lower() if isinstance(value, bool) else "null" if value is None else str(value)


@given(value=natives)
def test_a_literal_reads_as_what_was_written(value: Any) -> None:
    statement = parse(f"INSERT INTO t VALUE {{'x': {literal(value)}}}")
    assert isinstance(statement, Insert)
    assert encode(statement.item["x"]) == encode(_number(value))


def _number(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _number(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_number(member) for member in value]
    return Item.from_plain({"x": value}).native["x"] if type(value) is int else value


@given(text=st.text(max_size=60) | st.text(alphabet="SELECT*FROM t.WHERE()[]{}<>='?,1a\"", max_size=60))
def test_any_text_is_a_statement_or_refused(text: str) -> None:
    try:
        statement = parse(f"SELECT * FROM t WHERE {text}")
    except AwsError as error:
        refused = error.code
    else:
        refused = "" if isinstance(statement, Select) else "another statement"
    assert refused in ("", "ValidationException")
