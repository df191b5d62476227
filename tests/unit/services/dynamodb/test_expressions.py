from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habitr_emulator.services.dynamodb.errors import ValidationException
from habitr_emulator.services.dynamodb.expressions.compiler import (
    compile_condition,
    compile_key_condition,
    compile_projection,
    compile_update,
)
from habitr_emulator.services.dynamodb.expressions.projection import project
from habitr_emulator.wire.attribute_value import AttributeSet, Item

MISUSE = "The function is not allowed to be used this way in an expression; function:"
UNDEFINED = "An expression attribute value used in expression is not defined; attribute value:"
OPERAND = "Incorrect operand type for operator or function; operator or function:"
ITEM: dict[str, Any] = {
    "n": 5,
    "s": "hello",
    "t": True,
    "u": None,
    "ss": AttributeSet("SS", ("a", "b")),
    "l": [1, "x", {"k": 3}],
    "m": {"a": 1, "d": {"x": "y"}},
    "uni": "é☃😀",
    "b": b"\x01\x02",
}
VALUES: dict[str, Any] = {
    ":4": 4,
    ":5": 5,
    ":5s": "5",
    ":6": 6,
    ":true": True,
    ":one": 1,
    ":a": "a",
    ":hel": "hel",
    ":N": "N",
    ":ba": AttributeSet("SS", ("b", "a")),
}


def holds(text: str) -> bool:
    compiled = compile_condition("ConditionExpression", text, (("#n", "n"),))
    compiled.check(VALUES)
    return compiled.run(ITEM, VALUES)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("n = :5", True),
        ("#n = :5s", False),
        ("n <> :5s", True),
        ("n < :6 AND NOT n < :5", True),
        ("nope <> :5", True),
        ("nope <> nope2", True),
        ("nope = nope2", False),
        ("t = :one", False),
        ("ss = :ba", True),
        ("n BETWEEN :4 AND :6 AND n IN (:4, :5)", True),
        ("n BETWEEN :6 AND :6 OR nope BETWEEN :4 AND :6", False),
        ("attribute_exists(m.d.x) and attribute_exists(l[2].k) and attribute_exists(u)", True),
        ("attribute_not_exists(l[9]) and attribute_not_exists(n.a.b)", True),
        ("attribute_type(n, :N)", True),
        ("begins_with(s, :hel) AND NOT begins_with(n, :hel)", True),
        ("contains(ss, :a) AND contains(l, :one) AND NOT contains(l, :5)", True),
        ("size(uni) = :4", True),
        ("size(n) <> :4", True),  # as DynamoDB Local has it: what has no size differs from everything
        ("size(nope) = :4", False),
        ("(n = :4 OR n = :5) AND n = :4", False),
        ("n = :4 AND n = :4 OR n = :5", True),
        ("not not n = :5", True),
        ("(n) = :5", True),
        ("m . d . x <> :a AND l [ 0 ] = :one", True),
    ],
)
def test_conditions_are_judged_as_the_service_judges_them(text: str, expected: bool) -> None:
    assert holds(text) is expected


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (" ", "The expression can not be empty;"),
        ("1n = :4", 'Syntax error; token: "1", near: "1n"'),
        ("n IN (:4,)", 'Syntax error; token: ")", near: ",)"'),
        ("n", 'Syntax error; token: "<EOF>", near: "n"'),
        ("(n = :4) = :4", 'Syntax error; token: "=", near: ") = :4"'),
        ("n AND n = :4", 'Syntax error; token: "AND", near: "n AND n"'),
        ("((n = :4))", "The expression has redundant parentheses;"),
        ("name = :4", "Attribute name is a reserved keyword; reserved keyword: name"),
        ("#x = :4", "An expression attribute name used in the document path is not defined; attribute name: #x"),
        ("n = :zz", "An expression attribute value used in expression is not defined; attribute value: :zz"),
        ("foo(n)", "Invalid function name; function: foo"),
        (
            "size(n)",
            "The function is not allowed to be used this way in an expression; function: size",
        ),
        (
            "n > :true",
            "Incorrect operand type for operator or function; operator or function: >, operand type: BOOL",
        ),
        (
            "n between :6 and :4",
            "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; "
            "lower bound operand: AttributeValue: {N:6}, upper bound operand: AttributeValue: {N:4}",
        ),
        (
            "n = n",
            "The first operand must be distinct from the remaining operands for this operator or function; "
            "operator: =, first operand: [n]",
        ),
        (" AND ".join(["n = :4"] * 301), "The expression contains too many operators; operator count: 301"),
        ("a." * 34 + "a = :4", "The document path has too many nesting levels; nesting levels: 35"),
    ],
)
def test_bad_conditions_are_refused_in_the_services_words(text: str, problem: str) -> None:
    with pytest.raises(ValidationException) as refusal:
        holds(text)
    assert refusal.value.message == f"Invalid ConditionExpression: {problem}"


@given(st.text(alphabet="n:4()=<>[]. #ANDORTB,", max_size=40))
def test_any_text_is_either_compiled_or_refused(text: str) -> None:
    outcome: object = None
    try:
        outcome = holds(text)
    except ValidationException as refusal:
        outcome = refusal.message.startswith("Invalid ConditionExpression: ") or refusal.message
    assert outcome in (True, False)


logic = st.recursive(
    st.sampled_from([("n = :5", "True"), ("n = :4", "False")]),
    lambda inner: st.one_of(
        inner.filter(lambda pair: " " in pair[1]).map(lambda pair: (f"({pair[0]})", f"({pair[1]})")),
        inner.map(lambda pair: (f"NOT {pair[0]}", f"not {pair[1]}")),
        st.tuples(inner, inner).map(lambda two: (f"{two[0][0]} AND {two[1][0]}", f"{two[0][1]} and {two[1][1]}")),
        st.tuples(inner, inner).map(lambda two: (f"{two[0][0]} OR {two[1][0]}", f"{two[0][1]} or {two[1][1]}")),
    ),
    max_leaves=8,
).filter(lambda pair: "((" not in pair[0])


@given(logic)
def test_and_or_and_not_bind_as_python_binds_them(pair: tuple[str, str]) -> None:
    text, same_in_python = pair
    assert holds(text) is eval(same_in_python)


def updated(text: str, item: dict[str, Any], **values: Any) -> dict[str, Any]:
    compiled = compile_update(text, ())
    bound = {f":{name}": value for name, value in values.items()}
    compiled.check(bound)
    return compiled.run(item, bound)


@pytest.mark.parametrize(
    ("text", "item", "values", "expected"),
    [
        ("SET a = b, b = a", {"a": 1, "b": 2}, {}, {"a": 2, "b": 1}),
        ("SET n = n - :v", {"n": 5}, {"v": 7}, {"n": -2}),
        ("SET m.c = if_not_exists(m.c, :v)", {"m": {}}, {"v": 1}, {"m": {"c": 1}}),
        ("SET l = list_append(:v, l)", {"l": [1]}, {"v": [2]}, {"l": [2, 1]}),
        ("SET l[9] = :a, l[7] = :b", {"l": [1]}, {"a": 9, "b": 7}, {"l": [1, 7, 9]}),
        ("SET l[1] = :v REMOVE l[0]", {"l": [1, 2, 3]}, {"v": 9}, {"l": [9, 3]}),
        ("REMOVE l[0], l[5], zz", {"l": ["a", "b"]}, {}, {"l": ["b"]}),
        ("ADD n :v, m.c :v", {"m": {}}, {"v": 1}, {"n": 1, "m": {"c": 1}}),
    ],
)
def test_updates_change_a_copy_of_the_item(
    text: str, item: dict[str, Any], values: dict[str, Any], expected: dict[str, Any]
) -> None:
    before = repr(item)
    assert updated(text, item, **values) == expected
    assert repr(item) == before


def test_sets_are_joined_and_an_emptied_set_goes() -> None:
    old = {"s": AttributeSet("SS", ("a", "b"))}
    assert updated("ADD s :v", old, v=AttributeSet("SS", ("b", "c")))["s"].members == ("a", "b", "c")
    assert updated("DELETE s :v", old, v=AttributeSet("SS", ("a", "b", "z"))) == {}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("SET a b", 'Invalid UpdateExpression: Syntax error; token: "b", near: "a b"'),
        ("SET n = :v+:v+:v", 'Invalid UpdateExpression: Syntax error; token: "+", near: ":v+:v"'),
        (
            "SET n = size(n)",
            "Invalid UpdateExpression: The function is not allowed in an update expression; function: size",
        ),
        (
            "SET a = :v REMOVE a.b",
            "Invalid UpdateExpression: Two document paths overlap with each other; "
            "must remove or rewrite one of these paths; path one: [a], path two: [a, b]",
        ),
        (
            "SET a.b = :v, a[1] = :v",
            "Invalid UpdateExpression: Two document paths conflict with each other; "
            "must remove or rewrite one of these paths; path one: [a, b], path two: [a, [1]]",
        ),
        ("SET zz.x = :v", "The document path provided in the update expression is invalid for update"),
        ("REMOVE n[0]", "The document path provided in the update expression is invalid for update"),
        ("SET n = zz + :v", "The provided expression refers to an attribute that does not exist in the item"),
        ("SET n = s + :v", "An operand in the update expression has an incorrect data type"),
    ],
)
def test_bad_updates_are_refused_in_the_services_words(text: str, problem: str) -> None:
    with pytest.raises(ValidationException) as refusal:
        updated(text, {"n": 1, "s": "x"}, v=1)
    assert refusal.value.message == problem


def test_a_projection_keeps_structure_and_document_order() -> None:
    wanted = compile_projection("l[2], l[0], m.d, nope, ss", ()).run
    shown = project(Item.from_native(ITEM), wanted)
    assert shown.plain == {"l": [1, {"k": 3}], "m": {"d": {"x": "y"}}, "ss": ["a", "b"]}
    assert shown["ss"] == {"SS": ["a", "b"]}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a = :v OR b = :v", "Invalid operator used in KeyConditionExpression: OR"),
        ("a <> :v", "Invalid operator used in KeyConditionExpression: <>"),
        ("NOT a = :v", "Invalid operator used in KeyConditionExpression: NOT"),
        ("contains(a, :v)", "Invalid operator used in KeyConditionExpression: contains"),
        ("a = :v AND a > :v", "KeyConditionExpressions must only contain one condition per key"),
        ("a = b", "Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition"),
        (":v = :v", "Invalid condition in KeyConditionExpression: No key attribute specified"),
        (
            "begins_with(:v, a)",
            "Invalid condition in KeyConditionExpression: "
            "begins_with operator must have the key attribute as its first operand",
        ),
        ("size(a) = :v", "KeyConditionExpressions cannot contain nested operations"),
        ("a = :v AND b = :v AND c = :v", "Conditions can be of length 1 or 2 only"),
        (
            "begins_with(size(a), :v)",
            "Invalid KeyConditionExpression: Incorrect operand type for operator or function; "
            "operator or function: begins_with, operand type: N",
        ),
    ],
)
def test_key_conditions_allow_little(text: str, problem: str) -> None:
    def ask() -> None:
        compiled = compile_key_condition(text, ())
        compiled.check({":v": "x"})
        compiled.run()

    with pytest.raises(ValidationException) as refusal:
        ask()
    assert refusal.value.message == problem


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        # Redundant parentheses, then words, then meanings; among themselves in the order of the text.
        ("foo(a) AND ((a)) = :v", "The expression has redundant parentheses;"),
        ("#q = :v AND name = :v", "Attribute name is a reserved keyword; reserved keyword: name"),
        (
            "a = :q AND b = b",
            "An expression attribute value used in expression is not defined; attribute value: :q",
        ),
        ("NOT a >= ((b))", "The expression has redundant parentheses;"),
        ("(attribute_exists(a)) = :v", f"{MISUSE} attribute_exists"),
        ("(size(a))", f"{MISUSE} size"),
        ("size(:n) > :n", f"{OPERAND} size, operand type: N"),
        (":l BETWEEN :n AND :n", f"{OPERAND} BETWEEN, operand type: L"),
    ],
)
def test_what_is_wrong_is_told_in_the_order_of_the_service(text: str, problem: str) -> None:
    with pytest.raises(ValidationException) as refusal:
        compile_condition("FilterExpression", text, ()).check({":v": "x", ":n": 1, ":l": []})
    assert refusal.value.message == f"Invalid FilterExpression: {problem}"


@pytest.mark.parametrize("text", ["(size(s)) > :one", "size(:word) > :one", "(size(s) > :one) AND (s = (:word))"])
def test_sizes_may_stand_in_parentheses_and_be_of_values(text: str) -> None:
    compiled = compile_condition("FilterExpression", text, ())
    values = {":one": 1, ":word": "word"}
    compiled.check(values)
    assert compiled.run({"s": "word"}, values)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("SET a = if_not_exists(b, :n + :n)", 'Syntax error; token: "+", near: ":n + :n"'),
        ("SET a = (:n + :n) + :n", 'Syntax error; token: "+", near: ") + :n"'),
        ("SET a = ((:n))", "The expression has redundant parentheses;"),
        ("SET a = list_append(a, list_append(:l, :l))", f"{MISUSE} list_append"),
        ("SET a = if_not_exists(b, list_append(:l, :l))", f"{MISUSE} list_append"),
    ],
)
def test_sums_and_list_append_do_not_stand_inside_others(text: str, problem: str) -> None:
    with pytest.raises(ValidationException) as refusal:
        compile_update(text, ()).check({":n": 1, ":l": []})
    assert refusal.value.message == f"Invalid UpdateExpression: {problem}"


@pytest.mark.parametrize("text", ["DELETE n.x :ss", "DELETE zz.yy :ss", "DELETE l.x :ss", "DELETE m[0] :ss"])
def test_nothing_is_deleted_below_what_is_not_there(text: str) -> None:
    with pytest.raises(ValidationException, match="The document path provided"):
        compile_update(text, ()).run({"n": 1, "l": [], "m": {}}, {":ss": AttributeSet("SS", ("a",))})
