"""Inputs held against the models, in AWS's words."""

from typing import Any

import pytest

from habitr_emulator.wire.constraints import matcher
from habitr_emulator.wire.json_shapes import read
from habitr_emulator.wire.model import InvalidInput, UnparsableInput, service


def message(name: str, operation: str, value: dict[str, Any]) -> str:
    shape = service(name).operations[operation].input
    assert shape is not None
    with pytest.raises(InvalidInput) as caught:
        read(shape, value)
    return caught.value.message


PREFIX = "1 validation error detected: "
FAILED = "failed to satisfy constraint: "


@pytest.mark.parametrize(
    ("operation", "value", "expected"),
    [
        ("GetItem", {"TableName": "t"}, f"Value null at 'key' {FAILED}Member must not be null"),
        (
            "PutItem",
            {"TableName": "t", "Item": {}, "ReturnValues": "FOO"},
            f"Value 'FOO' at 'returnValues' {FAILED}Member must satisfy enum value set: "
            "[ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]",
        ),
        (
            "Query",
            {"TableName": "t", "Limit": 0},
            f"Value '0' at 'limit' {FAILED}Member must have value greater than or equal to 1",
        ),
        (
            "BatchGetItem",
            {"RequestItems": {"t": {"Keys": []}}},
            f"Value '[]' at 'requestItems.t.member.keys' {FAILED}"
            "Member must have length greater than or equal to 1",
        ),
        (
            "BatchWriteItem",
            {"RequestItems": {}},
            f"Value '{{}}' at 'requestItems' {FAILED}Member must have length greater than or equal to 1",
        ),
        (
            "TransactWriteItems",
            {"TransactItems": [{"Put": {"TableName": "t"}}]},
            f"Value null at 'transactItems.1.member.put.item' {FAILED}Member must not be null",
        ),
    ],
)
def test_a_broken_constraint_is_told_as_dynamodb_tells_it(
    operation: str, value: dict[str, Any], expected: str
) -> None:
    assert message("dynamodb", operation, value) == PREFIX + expected


def test_every_violation_is_told_and_counted() -> None:
    told = message("cognito-idp", "ConfirmSignUp", {"ClientId": "a b", "Username": "a b"})
    assert told.startswith("3 validation errors detected: Value at 'clientId' ")
    assert told.count("; ") == 2
    assert f"Value null at 'confirmationCode' {FAILED}Member must not be null" in told


def test_what_is_sensitive_is_not_shown() -> None:
    value = {"ClientId": "abc", "Username": "al ice", "Password": "geheim geheim"}
    assert "geheim" not in message("cognito-idp", "SignUp", value)


def test_scalars_in_a_list_are_told_of_at_the_list() -> None:
    value = {"UserPoolId": "a_b", "ClientName": "c", "AllowedOAuthFlows": ["code", "x"]}
    assert message("cognito-idp", "CreateUserPoolClient", value) == (
        f"{PREFIX}Value '[code, x]' at 'allowedOAuthFlows' {FAILED}Member must satisfy constraint: "
        "[Member must satisfy enum value set: [code, implicit, client_credentials]]"
    )


def test_unknown_members_are_dropped_and_null_is_absent() -> None:
    shape = service("cognito-idp").operations["InitiateAuth"].input
    assert shape is not None
    value = {"ClientId": "abc", "AuthFlow": "USER_AUTH", "Zzz": 1, "AuthParameters": None}
    assert read(shape, value) == {"ClientId": "abc", "AuthFlow": "USER_AUTH"}


@pytest.mark.parametrize(
    "value",
    [
        {"TableName": 1},
        {"TableName": {"a": 1}},
        {"TableName": "t", "Limit": "3"},
        {"TableName": "t", "Limit": 1.5},
        {"TableName": "t", "Limit": True},
        {"TableName": "t", "ConsistentRead": "true"},
        {"TableName": "t", "ExclusiveStartKey": []},
        {"TableName": "t", "AttributesToGet": {}},
        {"TableName": "t", "ExclusiveStartKey": {"a": {"B": "no base64!"}}},
        [],
        "x",
    ],
)
def test_a_wrong_json_type_is_no_input(value: Any) -> None:
    shape = service("dynamodb").operations["Query"].input
    assert shape is not None
    with pytest.raises(UnparsableInput):
        read(shape, value)


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        (r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+", "jürgen-日本語😀", True),
        (r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+", "a b", False),
        (r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+", "a\u2003b", False),
        (r"[^_\p{Z}][\p{L}\p{M}\p{S}\p{N}\p{P}][^_\p{Z}]+", "Facebook", True),
        (r"[^_\p{Z}][\p{L}\p{M}\p{S}\p{N}\p{P}][^_\p{Z}]+", "_acebook", False),
        (r"[\w-]+_[0-9a-zA-Z]+", "us-east-1_Ab1", True),
        (r"[\w-]+_[0-9a-zA-Z]+", "üs_Ab1", False),
        (r"\d+", "١٢", False),
        (r"\p{Print}+", "ok then", True),
        (r"a", "ab", False),
    ],
)
def test_java_patterns_match_whole_texts_as_in_java(pattern: str, text: str, matches: bool) -> None:
    assert matcher(pattern)(text) is matches


def test_every_pattern_of_every_model_compiles() -> None:
    from habitr_emulator.wire.model import KNOWN

    for known in KNOWN:
        model = service(known.name)
        for shape in model.shapes.all():
            if "pattern" in shape.traits:
                matcher(shape.traits["pattern"])("")
