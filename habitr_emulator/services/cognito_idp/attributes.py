"""User attributes: their schema, who may write them, and what values they take.

https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from habitr_emulator.services.cognito_idp.errors import (
    AliasExistsException,
    InvalidParameterException,
    NotAuthorizedException,
)
from habitr_emulator.services.cognito_idp.pools import Client, Pool, Reader
from habitr_emulator.services.cognito_idp.users import User, holders

ADDRESSES = ("email", "phone_number")
_VERIFIED = ("email_verified", "phone_number_verified")
_EMAIL = re.compile(r"[^\s@,;<>()\[\]]+@[^\s@,;<>()\[\]]+\.[^\s@,;<>()\[\].]+")
_PHONE = re.compile(r"\+[1-9]\d{1,14}")
_PROBLEM = "Attributes did not conform to the schema: "


def from_list(listed: Iterable[Mapping[str, Any]] | None) -> dict[str, str]:
    """``[{"Name", "Value"}]`` as a dict; a missing value is empty."""
    return {entry["Name"]: entry.get("Value") or "" for entry in listed or ()}


def check(pool: Pool, given: Mapping[str, str], *, client: Client | None = None, creating: bool = False) -> None:
    """Refuse attributes that may not be written or have a value that the schema does not allow.

    ``client`` is the one through which a user writes; None is an administrator, who may write ``*_verified``.
    Raises NotAuthorizedException or InvalidParameterException.
    """
    schema = {attribute["Name"]: attribute for attribute in pool.settings["SchemaAttributes"]}
    for name, value in given.items():
        if client is not None and (name in _VERIFIED or name.startswith("dev:") or not client.may_write(name)):
            raise NotAuthorizedException("A client attempted to write unauthorized attribute")
        if name == "sub" or name == "identities":
            raise InvalidParameterException(f"Cannot modify the non-mutable attribute {name}")
        attribute = schema.get(name)
        if attribute is None:
            raise InvalidParameterException(f"{_PROBLEM}{name}: Attribute does not exist in the schema.")
        if not creating and not attribute["Mutable"]:
            raise InvalidParameterException(f"user.{name}: Attribute cannot be updated.")
        _check_value(attribute, name, value)


def check_required(pool: Pool, given: Mapping[str, str]) -> None:
    """Refuse a sign-up without the attributes that the pool requires; raises InvalidParameterException."""
    missing = missing_required(pool, given)
    if missing:
        lines = "".join(f"{name}: The attribute is required\n" for name in missing)
        raise InvalidParameterException(_PROBLEM + lines)


def missing_required(pool: Pool, given: Mapping[str, str]) -> list[str]:
    """The required attributes that ``given`` lacks."""
    schema = pool.settings["SchemaAttributes"]
    return [a["Name"] for a in schema if a["Required"] and a["Name"] != "sub" and not given.get(a["Name"])]


def check_deletable(pool: Pool, names: Iterable[str], client: Client | None = None) -> None:
    """Refuse to delete what is required, fixed, or not the client's; raises as ``check`` does."""
    schema = {attribute["Name"]: attribute for attribute in pool.settings["SchemaAttributes"]}
    for name in names:
        attribute = schema.get(name)
        if client is not None and (name in _VERIFIED or not client.may_write(name)):
            raise NotAuthorizedException("A client attempted to write unauthorized attribute")
        if attribute is None:
            raise InvalidParameterException(f"{_PROBLEM}{name}: Attribute does not exist in the schema.")
        if attribute["Required"] or not attribute["Mutable"]:
            raise InvalidParameterException(f"user.{name}: Attribute cannot be updated.")


def _check_value(attribute: Mapping[str, Any], name: str, value: str) -> None:
    if not value:
        return
    if name == "email" and not _EMAIL.fullmatch(value):
        raise InvalidParameterException("Invalid email address format.")
    if name == "phone_number" and not _PHONE.fullmatch(value):
        raise InvalidParameterException("Invalid phone number format.")
    check_type = {"Number": _check_number, "Boolean": _check_boolean, "DateTime": _check_date_time}
    check_type.get(attribute["AttributeDataType"], _check_string)(attribute, name, value)


def _check_string(attribute: Mapping[str, Any], name: str, value: str) -> None:
    limits = attribute.get("StringAttributeConstraints") or {}
    if "MinLength" in limits and len(value) < int(limits["MinLength"]):
        # guess: the words after the attribute's name
        raise InvalidParameterException(f"{_PROBLEM}{name}: String must be longer than {limits['MinLength']}")
    if "MaxLength" in limits and len(value) > int(limits["MaxLength"]):
        raise InvalidParameterException(f"{_PROBLEM}{name}: String must be shorter than {limits['MaxLength']}")


def _check_number(attribute: Mapping[str, Any], name: str, value: str) -> None:
    limits = attribute.get("NumberAttributeConstraints") or {}
    if not re.fullmatch(r"[+-]?\d{1,32}", value):
        raise InvalidParameterException(f"{_PROBLEM}{name}: Number format is not valid")
    if "MinValue" in limits and int(value) < int(limits["MinValue"]):
        raise InvalidParameterException(f"{_PROBLEM}{name}: Number must be at least {limits['MinValue']}")
    if "MaxValue" in limits and int(value) > int(limits["MaxValue"]):
        raise InvalidParameterException(f"{_PROBLEM}{name}: Number must be at most {limits['MaxValue']}")


def _check_boolean(attribute: Mapping[str, Any], name: str, value: str) -> None:
    if value.lower() not in ("true", "false"):
        raise InvalidParameterException(f"{_PROBLEM}{name}: Boolean must be true or false")


def _check_date_time(attribute: Mapping[str, Any], name: str, value: str) -> None:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:?\d\d)?)?|\d{1,16}", value):
        raise InvalidParameterException(f"{_PROBLEM}{name}: DateTime format is not valid")


def claim_alias(reader: Reader, pool: Pool, user: User, attribute: str) -> User | None:
    """The other user who holds ``user``'s address as a verified alias, if the pool has such aliases."""
    value = user.attributes.get(attribute, "")
    if not value or attribute not in pool.alias_attributes:
        return None
    for other in holders(reader, pool, attribute, value):
        if other.username != user.username and (attribute == "preferred_username" or other.verified(attribute)):
            return other
    return None


def check_free(reader: Reader, pool: Pool, given: Mapping[str, str], username: str) -> None:
    """Refuse an address or preferred user name that signs another user in; raises AliasExistsException."""
    for attribute in (*pool.username_attributes, "preferred_username"):
        if attribute not in given or (
            attribute == "preferred_username" and attribute not in pool.alias_attributes
        ):
            continue
        for other in holders(reader, pool, attribute, given[attribute]):
            if other.username != username:
                raise AliasExistsException(f"An account with the given {attribute} already exists.")


def unverify_changed(user: User, given: Mapping[str, str]) -> None:
    """A changed address is unverified unless the same request verifies it."""
    for address in ADDRESSES:
        flag = f"{address}_verified"
        if address in given and given[address] != user.attributes.get(address) and flag not in given:
            user.attributes[flag] = "false"


def remove(user: User, names: Iterable[str]) -> None:
    """Remove attributes from a user; an address takes its verification along."""
    for name in names:
        user.attributes.pop(name, None)
        if name in ADDRESSES:
            user.attributes.pop(f"{name}_verified", None)
