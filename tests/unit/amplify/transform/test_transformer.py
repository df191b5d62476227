"""What the transformer makes besides the schema: tables, refusals with their place, flags."""

import pytest

from habitr_emulator.amplify.transform.flags import Flags
from habitr_emulator.amplify.transform.names import subscription
from habitr_emulator.amplify.transform.resources import Resources
from habitr_emulator.amplify.transform.transformer import Transformed, schema_sdl, transform
from habitr_emulator.kernel.errors import ProjectError

OPEN = "@auth(rules: [{ allow: public }])"


def made(schema: str, **flags: object) -> Transformed:
    return transform(schema, to=Resources("api1", "dev"), flags=Flags.read(flags), providers=("apiKey",))


def refused(schema: str, *modes: str) -> ProjectError:
    with pytest.raises(ProjectError) as error:
        schema_sdl(schema, {"modes": modes or ("userPools", "apiKey")})
    return error.value


def test_a_composite_key_is_one_attribute_that_joins_its_fields() -> None:
    table = made(
        f'type E @model {OPEN} {{ org: ID! @primaryKey(sortKeyFields: ["day", "slot"]) day: AWSDate! slot: Int! }}'
    ).tables["E"]
    assert table.table_name == "E-api1-dev"
    assert table.settings["KeySchema"] == [
        {"AttributeName": "org", "KeyType": "HASH"},
        {"AttributeName": "day#slot", "KeyType": "RANGE"},
    ]
    assert {"AttributeName": "day#slot", "AttributeType": "S"} in table.settings["AttributeDefinitions"]


@pytest.mark.parametrize(("flag", "kind"), [(True, "GlobalSecondaryIndexes"), (False, "LocalSecondaryIndexes")])
def test_an_index_on_the_tables_own_hash_is_local_unless_the_flag_says_otherwise(flag: bool, kind: str) -> None:
    schema = f"""type O @model {OPEN} {{
      shop: ID! @primaryKey(sortKeyFields: ["at"]) @index(name: "byTotal", sortKeyFields: ["total"])
      at: AWSDateTime! total: Float! }}"""
    indexes = made(schema, secondarykeyasgsi=flag).tables["O"].settings[kind]
    assert [index["IndexName"] for index in indexes] == ["byTotal"]


def test_an_implicit_has_many_gets_its_index() -> None:
    tables = made(
        f"type Blog @model {OPEN} {{ posts: [Post] @hasMany }} type Post @model {OPEN} {{ t: String }}"
    ).tables
    index = tables["Post"].settings["GlobalSecondaryIndexes"][0]
    assert index["IndexName"] == "gsi-Blog.posts"
    assert index["KeySchema"] == [{"AttributeName": "blogPostsId", "KeyType": "HASH"}]


def test_mapsto_keeps_the_table_of_the_old_name() -> None:
    table = made(f'type Article @model @mapsTo(name: "Post") {OPEN} {{ t: String }}').tables["Article"]
    assert table.table_name == "Post-api1-dev"


def test_a_subscription_name_over_fifty_characters_is_cut_and_hashed() -> None:
    name = subscription("onCreate", "A" * 60)
    assert len(name) == 50
    assert name.startswith("onCreate" + "A" * 37)


def test_a_syntax_error_tells_line_and_column() -> None:
    error = refused("type A {\n  x: Int\n  y: \n}")
    assert (error.line, error.column) == (4, 1)


def test_a_refusal_tells_where_the_directive_stands() -> None:
    error = refused('type A @model {\n  id: ID!\n  b: String @index(name: "x!")\n}')
    assert (error.line, error.column) == (3, 13)


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        ("type A @model @auth(rules: [{ allow: private }, { allow: private }]) { id: ID! }",
         "@auth A:userPools:private already exists for A"),
        ("type A @auth(rules: [{ allow: private }]) { id: ID! }",
         "Types annotated with @auth must also be annotated with @model."),
        ("type A @model @auth(rules: [{ allow: owner, provider: apiKey }]) { id: ID! }",
         "@auth directive with 'owner' strategy only supports 'userPools' (default) and 'oidc' providers, but "
         "found 'apiKey' assigned."),
        ('type A @model { a: ID! @primaryKey b: ID! @primaryKey }',
         "You may only supply one primary key on type 'A'."),
        ('type A @model { id: ID! b: ID @index(name: "byB", sortKeyFields: ["c"]) }',
         "Can't find field 'c' in A, but it was specified in index 'byB'."),
        ("type A @model { bs: [B] @hasOne } type B @model { id: ID! }",
         "@hasOne cannot be used with lists. Use @hasMany instead."),
        ("type A @model { b: B @belongsTo } type B @model { id: ID! }",
         "B must have a relationship with A in order to use @belongsTo."),
        ("type A @model { bs: [B] @hasMany } type B { x: Int }", "Object type B must be annotated with @model."),
        ('type A @model { bs: [B] @hasMany(indexName: "byA", fields: ["id"]) id: ID! } type B @model { id: ID! }',
         "Index byA does not exist for model B"),
        ('type A @model { bs: [B] @manyToMany(relationName: "AB") } type B @model { id: ID! }',
         "@manyToMany relation 'AB' must be used in exactly two locations."),
        ('type A @model { n: [Int] @default(value: "1") }',
         "The @default directive may only be added to scalar or enum field types."),
        ('enum E { X } type A @model { e: E @default(value: "Y") }',
         'Default value "Y" is not a member of E enum.'),
        ('type Query { x: Int @http(url: "ftp://x") }',
         "@http directive at location 20 requires a url parameter that begins with http:// or https://."),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_amplifys_words(schema: str, message: str) -> None:
    assert refused(schema).reason == message


def test_an_unknown_type_is_refused_as_graphql_words_it() -> None:
    assert 'Unknown type "Nope".' in refused("type A @model { b: Nope }").reason


def test_a_model_without_rules_is_closed_and_the_sandbox_opens_it_to_the_api_key() -> None:
    sdl = schema_sdl(
        "input AMPLIFY { globalAuthRule: AuthRule = { allow: public } } type A @model { x: Int }",
        {"modes": ["userPools", "apiKey"]},
    )
    assert "createA(input: CreateAInput!, condition: ModelAConditionInput): A @aws_api_key" in sdl
    assert "AMPLIFY" not in sdl


@pytest.mark.parametrize(
    ("directive", "reason"),
    [
        ('@refersTo(name: "x")', "refersTo"),
        ('@sql(statement: "select 1")', "sql"),
    ],
)
def test_what_is_only_for_sql_is_refused_by_name(directive: str, reason: str) -> None:
    error = refused(f"type A @model {{ id: ID! a: String {directive} }}")
    assert reason in error.reason
    assert error.line == 1


def test_predictions_have_their_inputs_in_the_schema() -> None:
    found = schema_sdl("type Query { say: String @predictions(actions: [translateText]) }", {"version": "v2"})
    assert "input SayTranslateTextInput" in found
