"""Version 1 of the transformer: tables, foreign keys, rules, refusals."""

import pytest

from habitr_emulator.amplify.transform.flags import Flags
from habitr_emulator.amplify.transform.resources import Resources
from habitr_emulator.amplify.transform.transformer import Transformed, schema_sdl, transform
from habitr_emulator.kernel.errors import ProjectError


def made(schema: str, **flags: object) -> Transformed:
    read = Flags.read({"transformerversion": 1, **flags})
    return transform(schema, to=Resources("api1", "dev"), flags=read, providers=("userPools", "apiKey", "iam"))


def test_a_project_configured_before_version_5_has_no_conditions() -> None:
    schema = "enum E { A } type A @model @searchable { id: ID! e: E n: [Int] at: AWSDate }"
    flags = Flags.read({"transformerversion": 1})
    sdl = transform(schema, to=Resources(), flags=flags, providers=("apiKey",), configured=4).sdl
    assert "createA(input: CreateAInput!): A" in sdl
    assert "e: ModelEFilterInput" in sdl
    assert "n: ModelIntFilterInput" in sdl
    assert "ConditionInput" not in sdl
    assert "attributeExists" not in sdl
    assert "SearchableStringFilterInput" in sdl


def refused(schema: str) -> str:
    with pytest.raises(ProjectError) as error:
        schema_sdl(schema, {"version": "v1", "modes": ("userPools", "apiKey")})
    assert error.value.line > 0
    return error.value.reason


def test_a_named_connection_is_an_index_that_the_inputs_alone_know() -> None:
    found = made("""
    type Blog @model { id: ID! posts: [Post] @connection(name: "BlogPosts", limit: 7) }
    type Post @model { id: ID! blog: Blog @connection(name: "BlogPosts") }
    """)
    (index,) = found.tables["Post"].settings["GlobalSecondaryIndexes"]
    assert index["IndexName"] == "gsi-BlogPosts"
    assert index["KeySchema"] == [{"AttributeName": "postBlogId", "KeyType": "HASH"}]
    assert "postBlogId" not in found.models["Post"].output.fields
    assert "postBlogId" in found.sdl


@pytest.mark.parametrize(("flag", "kind"), [(True, "GlobalSecondaryIndexes"), (False, "LocalSecondaryIndexes")])
def test_a_key_on_the_tables_own_hash_is_local_unless_the_flag_says_otherwise(flag: bool, kind: str) -> None:
    schema = (
        'type L @model @key(fields: ["o", "n"]) @key(name: "byP", fields: ["o", "p"]) { o: ID! n: Int! p: Int }'
    )
    assert made(schema, secondarykeyasgsi=flag).tables["L"].settings[kind][0]["IndexName"] == "byP"


@pytest.mark.parametrize(
    ("features", "schema", "version"),
    [
        ({}, "type A @model { id: ID! }", 2),
        ({}, 'type A @model @key(fields: ["id"]) { id: ID! }', 1),
        ({"transformerVersion": 2}, 'type A @model @key(fields: ["id"]) { id: ID! }', 2),
        ({"useexperimentalpipelinedtransformer": False}, "type A @model { id: ID! }", 1),
    ],
)
def test_the_flags_choose_the_version_else_the_directives(
    features: dict[str, object], schema: str, version: int
) -> None:
    assert Flags.read(features).version(schema) == version


REFUSED = [
    (
        'type A @model @key(name: "x", fields: ["a"]) @key(name: "x", fields: ["a"]) { a: ID }',
        "only supply one @key",
    ),
    ('type A @model @key(fields: ["a"]) @key(fields: ["b"]) { a: ID! b: ID! }', "only supply one primary @key"),
    ('type A @model @key(fields: ["a"]) { a: ID }', "must reference non-null fields"),
    ('type N { x: Int } type A @model @key(name: "x", fields: ["b"]) { a: ID b: N }', "Expected scalar and got N"),
    (
        'type A @model @key(fields: ["a"]) @key(name: "x", fields: ["a", "b"]) { a: ID! b: ID }',
        "local secondary index",
    ),
    ('type A @key(fields: ["a"]) { a: ID! }', "annotated with @model"),
    ("type A @model { b: B @connection } type B { x: Int }", "Object type B must be annotated with @model."),
    (
        'type A @model { b: [A] @connection(keyName: "byA", fields: ["id"]) id: ID! }',
        "Key byA does not exist for model A",
    ),
    (
        'type A @model { id: ID! b: [B] @connection(name: "x") } type B @model { id: ID! }',
        'Found one half of connection "x" at A.b but no related field on type B',
    ),
    (
        'type A @model { id: ID! b: [B] @connection(name: "x") } '
        'type B @model { id: ID! a: [A] @connection(name: "x") }',
        "Many to Many connections are not yet supported.",
    ),
    (
        'type A @model { id: ID! x: ID! b: [B] @connection(keyName: "k", fields: ["id", "x"]) } '
        'type B @model @key(name: "k", fields: ["a", "c", "d"]) { a: ID c: ID d: ID }',
        "Invalid @connection directive  b. fields does not accept partial sort key",
    ),
    (
        "type A @model { id: ID! a: String! @auth(rules: [{ allow: owner }]) }",
        "Per-field auth on the required field a",
    ),
    (
        'type A @model { id: ID! b: A @connection(keyName: "k", fields: ["id"]) } type B @model { id: ID! }',
        "Key k does not exist for model A",
    ),
    (
        'type A @model @key(name: "k", fields: ["id"]) { id: ID! b: A @connection(keyName: "k", fields: ["id"]) }',
        "was provided which does not reference the default table",
    ),
    (
        'type A @model { id: ID! x: ID! b: A @connection(fields: ["id", "x"]) }',
        "Too many fields passed in to @connection directive.",
    ),
    ('type A @model { id: ID! x: Int b: A @connection(fields: ["x"]) }', "x field is not of type ID"),
    (
        "type A @model @versioned { id: ID! version: String }",
        'The versionField "version" is required to be of type',
    ),
    ("type A @model { id: ID! @primaryKey }", 'using "@primaryKey" directive from the newer version'),
    (
        "type A @model @auth(rules: [{ allow: public, provider: iam }]) { id: ID! }",
        "no IAM authentication provider",
    ),
]


@pytest.mark.parametrize(("schema", "message"), REFUSED, ids=[message for _, message in REFUSED])
def test_what_cannot_be_is_refused_with_its_place(schema: str, message: str) -> None:
    assert message in refused(schema)


def test_a_search_index_follows_the_table_of_a_searchable_model() -> None:
    found = made("type Habit @model @searchable { id: ID! tagline: String }")
    assert found.tables["Habit"].search_index == "habit"
    assert ("Query", "searchHabits") in found.resolvers
