"""The access matrix."""

import pytest

from habitr_emulator.amplify.auth import redaction
from habitr_emulator.amplify.auth.roles import (
    OPERATIONS,
    READ_OPERATIONS,
    AccessControl,
    Role,
    RoleExists,
    explain,
)

KEY = Role("apiKey:public", "apiKey", "public")
MEMBER = Role("userPools:private", "userPools", "private")
ADMIN = Role("userPools:staticGroup:admin", "userPools", "groups", True, "cognito:groups", "admin")
OWNER = Role("userPools:owner", "userPools", "owner", False, "username", "owner")


@pytest.fixture
def habit() -> AccessControl:
    """Habit: members read, owners create and delete; ``ups`` has its own rules."""
    access = AccessControl("Habit", ("id", "tagline", "ups"))
    access.allow(ADMIN, OPERATIONS)
    access.allow(MEMBER, READ_OPERATIONS)
    access.allow(OWNER, ("create", "delete"))
    access.clear("ups")
    access.allow(ADMIN, OPERATIONS, "ups")
    access.allow(MEMBER, READ_OPERATIONS, "ups")
    access.allow(OWNER, ("create",), "ups")
    return access


def test_a_field_rule_takes_the_field_from_every_role_first(habit: AccessControl) -> None:
    assert habit.allowed_fields(OWNER, "delete") == ["id", "tagline"]


def test_delete_needs_the_operation_on_every_field(habit: AccessControl) -> None:
    assert habit.with_operation_everywhere("delete") == [ADMIN]


def test_one_field_is_enough_for_the_other_operations(habit: AccessControl) -> None:
    assert habit.with_operation("create") == [ADMIN, OWNER]


def test_a_field_that_every_reader_may_read_needs_no_guard(habit: AccessControl) -> None:
    assert habit.field_readers("ups") is None


def test_a_field_that_some_reader_may_not_read_is_guarded_for_those_who_may() -> None:
    access = AccessControl("Pay", ("id", "amount"))
    access.allow(MEMBER, READ_OPERATIONS)
    access.allow(ADMIN, OPERATIONS)
    access.clear("amount")
    access.allow(ADMIN, OPERATIONS, "amount")
    assert access.field_readers("amount") == [ADMIN]


def test_a_type_rule_may_not_be_repeated(habit: AccessControl) -> None:
    with pytest.raises(RoleExists):
        habit.allow(MEMBER, ("create",))


def test_relations_are_redacted_when_readers_differ_or_depend_on_the_item() -> None:
    members, keys, owners = (AccessControl(name, ("id",)) for name in "ABC")
    members.allow(MEMBER, OPERATIONS)
    members.allow(ADMIN, OPERATIONS)
    keys.allow(KEY, OPERATIONS)
    owners.allow(OWNER, OPERATIONS)
    assert not redaction.must_redact(members, members)
    assert redaction.must_redact(members, keys)
    assert redaction.must_redact(owners, owners)


def test_an_explanation_names_who_would_have_been_allowed() -> None:
    assert explain("Habit", "update", [ADMIN]) == "the @auth rules of Habit allow update only to: group admin"
