"""Documents and variables that do not fit are told in AppSync's words."""
# ruff: noqa: E501 - one case a line, messages whole

from typing import Any

import pytest

from tests.unit.services.appsync.conftest import Ask

INVALID = [
    ("{ habits { nope } }", "FieldUndefined: Field 'nope' in type 'Habit' is undefined @ 'habits/nope'"),
    ("{ habits }", "SubSelectionRequired: Sub selection required for type [Habit!] of field habits @ 'habits'"),
    ("{ plain { x } }", "SubSelectionNotAllowed: Sub selection not allowed on leaf type String of field plain @ 'plain'"),
    ("{ habit { id } }", "MissingFieldArgument: Missing field argument id @ 'habit'"),
    ("{ habit(id: null) { id } }", "NullValueForNonNullArgument: null value for non-null field argument id @ 'habit'"),
    ("{ habit(id: 1, zork: 2) { id } }", "UnknownArgument: Unknown field argument zork @ 'habit'"),
    ("{ plain @zork }", "UnknownDirective: Unknown directive zork @ 'plain'"),
    ("{ plain @include }", "MissingDirectiveArgument: Missing directive argument if @ 'plain'"),
    ("query @skip(if: true) { plain }", "MisplacedDirective: Directive skip not allowed here"),
    ("query Q($a: Int) { plain }", "UnusedVariable: Unused variable a"),
    ("query Q { habits(limit: $a) { id } }", "UndefinedVariable: Undefined variable a @ 'habits'"),
    ("query Q($a: Int) { habit(id: $a) { id } }", "VariableTypeMismatch: Variable type 'Int' doesn't match expected type 'ID!' @ 'habit'"),
    ("query Q($a: Zork) { plain @skip(if: $a) }", "UnknownType: Unknown type Zork"),
    ("{ ...F }", "UndefinedFragment: Undefined fragment F"),
    ("{ plain } fragment F on Habit { id }", "UnusedFragment: Unused fragment F"),
    ("{ habits { ...F } } fragment F on Photo { key }", "InvalidFragmentType: Fragment F cannot be spread here as objects of type Habit can never be of type Photo @ 'habits'"),
    ("{ habits { id id: tagline } }", "FieldsConflict: id: id and tagline are different fields @ 'habits/id'"),
    ("{ a: habits(limit: 1) { id } a: habits(limit: 2) { id } }", "FieldsConflict: a: they have differing arguments @ 'a'"),
    ("{ plain } { plain }", "LoneAnonymousOperationViolation: Anonymous operation with other operations."),
    ("query A { plain } query A { plain }", "DuplicateOperationName: There can be only one operation named 'A'"),
    ('mutation { create(input: {}) { id } }', "WrongType: argument 'input' with value 'ObjectValue{objectFields=[]}' is missing required fields '[tagline]' @ 'create'"),
    ('mutation { create(input: {tagline: 1}) { id } }', "WrongType: argument 'input.tagline' with value 'IntValue{value=1}' is not a valid 'String' - Expected AST type 'StringValue' but was 'IntValue'. @ 'create'"),
    ('mutation { create(input: {tagline: "a", tags: ["b", 2]}) { id } }', "WrongType: argument 'input.tags[1]' with value 'IntValue{value=2}' is not a valid 'String' - Expected AST type 'StringValue' but was 'IntValue'. @ 'create'"),
    ('mutation { create(input: {tagline: "a", zork: 1}) { id } }', "contains a field not in 'HabitInput': 'zork' @ 'create'"),
    ('mutation { create(input: {tagline: "a", category: X}) { id } }', "WrongType: argument 'input.category' with value 'EnumValue{name='X'}' is not a valid 'Category' - Expected enum literal value not in allowable values -  'EnumValue{name='X'}'. @ 'create'"),
    ('mutation { create(input: "x") { id } }', "WrongType: argument 'input' with value 'StringValue{value='x'}' must be an object type @ 'create'"),
    ('query Q($a: Int = "x") { habits(limit: $a) { id } }', "BadValueForDefaultArg: Bad default value StringValue{value='x'} for type Int"),
    ("subscription { onCreate { zork } }", "FieldUndefined: Field 'zork' in type 'Habit' is undefined @ 'onCreate/zork'"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), INVALID)
async def test_an_invalid_document_is_told_by_rule_and_path(ask: Ask, text: str, message: str) -> None:
    answer = await ask({}, text)
    assert answer["data"] is None
    messages = [error["message"] for error in answer["errors"]]
    whole = message if message.startswith("contains") else f"Validation error of type {message}"
    assert any(told.endswith(message) if message.startswith("contains") else told == whole for told in messages), (
        messages
    )
    assert list(answer["errors"][0]) == ["path", "locations", "errorType", "message"]


async def test_a_syntax_error_names_the_token_and_where_it_stands(ask: Ask) -> None:
    answer = await ask({}, "query { a b: }")
    assert answer["errors"] == [
        {
            "path": None,
            "locations": [{"line": 1, "column": 14, "sourceName": None}],
            "message": "Invalid Syntax : offending token '}' at line 1 column 14",
        }
    ]


@pytest.mark.parametrize(
    ("text", "column"), [("{}", 2), ("query { , }", 11), ("{ habits { } }", 12), ("{ plain habits{#}\n} }", 1)]
)
async def test_an_empty_selection_is_a_syntax_error(ask: Ask, text: str, column: int) -> None:
    (error,) = (await ask({}, text))["errors"]
    line = text[: text.index("}", text.find("#}") + 2)].count("\n") + 1
    assert error["message"] == f"Invalid Syntax : offending token '}}' at line {line} column {column}"


CREATE = "mutation M($input: HabitInput!) { create(input: $input) { id } }"
BAD_VARIABLES: list[tuple[str, dict[str, Any], str]] = [
    (CREATE, {}, "Variable 'input' has coerced Null value for NonNull type 'HabitInput!'"),
    (CREATE, {"input": {}}, "Variable 'input' has coerced Null value for NonNull type 'String!'"),
    (CREATE, {"input": {"tagline": "t", "photo": {}}}, "Variable 'input' has coerced Null value for NonNull type 'String!'"),
    (CREATE, {"input": {"foo": 1}}, "The variables input contains a field name 'foo' that is not defined for input object type 'HabitInput' "),
    (CREATE, {"input": {"tagline": "t", "ups": "5"}}, "Variable 'ups' has an invalid value. Expected type 'Int' but was 'String'."),
    (CREATE, {"input": {"tagline": "t", "category": "X"}}, "Variable 'category' has an invalid value. Invalid input for Enum 'Category'. No value found for name 'X'"),
    (CREATE, {"input": "x"}, "Variable 'input' has an invalid value. Expected type 'Map' but was 'String'. Variables for input objects must be an instance of type 'Map'."),
    (CREATE, {"input": {"tagline": "t", "details": "{"}}, "Variable 'details' has an invalid value. Unable to parse `{` as valid JSON."),
]  # fmt: skip


@pytest.mark.parametrize(("text", "variables", "message"), BAD_VARIABLES)
async def test_the_first_bad_variable_is_told_at_its_definition(
    ask: Ask, text: str, variables: dict[str, Any], message: str
) -> None:
    answer = await ask({}, text, variables)
    assert answer == {
        "data": None,
        "errors": [
            {
                "path": None,
                "locations": [{"line": 1, "column": 12, "sourceName": None}],
                "message": message,
            }
        ],
    }


async def test_variables_are_coerced_with_defaults_single_items_and_numbers_as_text(ask: Ask) -> None:
    seen: list[Any] = []
    resolvers = {("Mutation", "create"): lambda ctx: seen.append(ctx.arguments["input"])}
    await ask(
        resolvers, CREATE, {"input": {"tagline": 5, "tags": "one", "ups": None, "photo": {"key": "k"}}, "x": 1}
    )
    assert seen == [{"tagline": "5", "tags": ["one"], "ups": None, "photo": {"key": "k", "bucket": "main"}}]


@pytest.mark.parametrize("depth", [100, 400, 2000])
async def test_a_document_nested_too_deeply_is_refused_not_a_crash(ask: Ask, depth: int) -> None:
    text = "{ habits { must { " + "friends { " * depth + "name" + " }" * depth + " } } }"
    answer = await ask({}, text)
    assert answer == {"data": {"habits": None}} or answer["data"] is None
