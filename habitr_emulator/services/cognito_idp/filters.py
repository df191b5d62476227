"""The Filter of ListUsers: ``attribute = "value"`` or ``attribute ^= "value"`` (starts with); pure.

https://docs.aws.amazon.com/cognito/latest/developerguide/how-to-manage-user-accounts.html
"""

import re
from dataclasses import dataclass

from habitr_emulator.services.cognito_idp.errors import InvalidParameterException
from habitr_emulator.services.cognito_idp.users import SEARCHABLE

_FORM = re.compile(r'\s*"?([\w:]+)"?\s*(\^?=)\s*"((?:[^"\\]|\\.)*)"\s*', re.DOTALL)
#: Filters by a column of the user, and the column.
COLUMNS = {"username": "username", "sub": "sub", "cognito:user_status": "status", "status": "enabled"}


@dataclass(frozen=True, slots=True)
class Filter:
    """A parsed filter."""

    attribute: str
    prefix: bool
    value: str


def parse(text: str) -> Filter:
    """Parse a filter; raises InvalidParameterException for a wrong form or an unsearchable attribute."""
    match = _FORM.fullmatch(text)
    if match is None:
        raise InvalidParameterException("Error while parsing filter.", why=f"filter: {text}")
    attribute, operator, value = match.groups()
    if attribute not in COLUMNS and attribute not in SEARCHABLE:
        raise InvalidParameterException(
            f"Invalid search attribute: {attribute}", why="AWS searches standard attributes only, and few"
        )
    return Filter(attribute, operator == "^=", re.sub(r"\\(.)", r"\1", value))


def upper_bound(prefix: str) -> str:
    """The least text above everything that starts with ``prefix``; empty if there is none."""
    for end in range(len(prefix), 0, -1):
        if ord(prefix[end - 1]) < 0x10FFFF:
            following = ord(prefix[end - 1]) + 1
            following = 0xE000 if 0xD800 <= following <= 0xDFFF else following  # not a character, half of one
            return prefix[: end - 1] + chr(following)
    return ""
