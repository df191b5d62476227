"""AppSync's scalars: what they accept as input and how results are written.

Input is strict, output is lenient (a number becomes a String, ``"5"`` an Int), as AppSync's is.
https://docs.aws.amazon.com/appsync/latest/devguide/scalars.html
"""

import datetime
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import orjson

_OFFSET = r"(?:Z|[+-](?:0\d|1[0-8]):[0-5]\d(?::[0-5]\d)?)"
_CLOCK = r"(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?"
_DATE = re.compile(rf"(\d{{4}})-(\d\d)-(\d\d){_OFFSET}?")
_TIME = re.compile(rf"{_CLOCK}{_OFFSET}?")
_DATE_TIME = re.compile(rf"(\d{{4}})-(\d\d)-(\d\d)T{_CLOCK}{_OFFSET}")
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_EMAIL = re.compile(rf"(?:{_ATOM}(?:\.{_ATOM})*|\"(?:[^\"\\\r\n]|\\.)+\")@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
_INTERNATIONAL = re.compile(r"\+[1-9]\d{6,14}")
_NATIONAL = re.compile(r"1?[2-9]\d\d[2-9]\d{6}")


class ScalarError(ValueError):
    """A value that a scalar refuses; the text is AppSync's."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """``parse`` makes the resolver's value of a JSON or literal value, ``write`` the answer's of a result; both
    raise ScalarError. ``known`` tells of a string whether it is written as it is, if that needs a look.
    """

    name: str
    parse: Callable[[Any], Any]
    write: Callable[[Any], Any]
    known: Callable[[str], bool] | None = None


def java_class(value: Any) -> str:
    """The Java class that AppSync's messages name for a JSON value."""
    if isinstance(value, bool):
        return "Boolean"
    if isinstance(value, int):
        return "Integer" if -(2**31) <= value < 2**31 else "BigInteger"
    if isinstance(value, float):
        return "Double"
    return {"str": "String", "dict": "Map", "list": "List"}.get(type(value).__name__, "Null")


def java_text(value: Any) -> str:
    """How Java prints a value: ``{a=1, b=[x, y]}``."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}={java_text(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(java_text, value)) + "]"
    return str(value)


def _mismatch(expected: str, value: Any) -> ScalarError:
    return ScalarError(f"Expected type '{expected}' but was '{java_class(value)}'.")


def _parse_text(name: str) -> Callable[[Any], Any]:
    def parse(value: Any) -> str:
        if isinstance(value, (dict, list)) or value is None:
            raise _mismatch(name, value)
        return java_text(value)

    return parse


def _parse_int(value: Any) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not -(2**31) <= value < 2**31:
        raise _mismatch("Int", value)
    return value


def _parse_float(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise _mismatch("Float", value)
    return value


def _parse_boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _mismatch("Boolean", value)
    return value


def _unwritable(value: Any, noun: str) -> ScalarError:
    return ScalarError(f"Unable to serialize `{java_text(value)}` as a valid {noun}.")


def _write_text(value: Any) -> str:
    return java_text(value)


def _write_int(value: Any) -> int:
    try:
        number = int(value) if not isinstance(value, str) else int(float(value)) if "." in value else int(value)
        if float(number) == float(value) and -(2**31) <= number < 2**31:
            return number
    except (TypeError, ValueError, OverflowError):
        pass
    raise _unwritable(value, "Int")


def _write_float(value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        raise _unwritable(value, "Float") from None
    if not math.isfinite(number):
        raise _unwritable(value, "Float")
    return number


def _write_boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    if isinstance(value, (int, float)):
        return value != 0
    raise _unwritable(value, "Boolean")


def _is_day(year: str, month: str, day: str) -> bool:
    try:
        datetime.date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True


def _is_date(text: str) -> bool:
    found = _DATE.fullmatch(text)
    return found is not None and _is_day(*found.groups())


def _is_date_time(text: str) -> bool:
    found = _DATE_TIME.fullmatch(text)
    return found is not None and _is_day(*found.groups())


def _is_time(text: str) -> bool:
    return _TIME.fullmatch(text) is not None


def _is_email(text: str) -> bool:
    return len(text) <= 320 and _EMAIL.fullmatch(text) is not None


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return False
    return bool(parts.scheme and host) and "//" not in parts.path and not re.search(r"\s", text)


def _is_phone(text: str) -> bool:
    digits = text.replace(" ", "").replace("-", "")
    return (_INTERNATIONAL if digits.startswith("+") else _NATIONAL).fullmatch(digits) is not None


def _is_address(text: str) -> bool:
    from ipaddress import ip_interface

    try:
        ip_interface(text)
    except ValueError:
        return False
    return "%" not in text and not re.search(r"/\d+\.", text)


def _in_utc(text: str) -> str:
    """A time with a numeric offset as the same time in UTC; one with ``Z`` as it stands.

    The documentation does not say; the recorded answers are in UTC. What is stored is what was sent.
    """
    if text.endswith("Z"):
        return text
    try:
        found = datetime.datetime.fromisoformat(text).astimezone(datetime.UTC)
    except OverflowError:  # the first and the last day of the calendar
        return text
    return f"{found.isoformat(timespec='milliseconds').removesuffix('+00:00')}Z"


def _string(name: str, noun: str, valid: Callable[[str], bool], shown: Callable[[str], str] = str) -> Scalar:
    known = lru_cache(maxsize=8192)(valid)

    def parse(value: Any) -> str:
        if isinstance(value, str) and known(value):
            return value
        raise ScalarError(f"Unable to parse `{java_text(value)}` as a valid {noun}.")

    def write(value: Any) -> str:
        if isinstance(value, str) and known(value):
            return shown(value)
        raise _unwritable(value, noun)

    return Scalar(name, parse, write, known if shown is str else lambda text: known(text) and shown(text) == text)


def _parse_timestamp(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63:
        return value
    raise ScalarError(f"Unable to parse `{java_text(value)}` as a valid timestamp.")


def _write_timestamp(value: Any) -> int:
    try:
        number = int(value)
        if not isinstance(value, bool) and float(number) == float(value) and -(2**63) <= number < 2**63:
            return number
    except (TypeError, ValueError, OverflowError):
        pass
    raise _unwritable(value, "timestamp")


def _parse_json(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError:
            pass
    raise ScalarError(f"Unable to parse `{java_text(value)}` as valid JSON.")


def _write_json(value: Any) -> str:
    if isinstance(value, str):
        try:
            orjson.loads(value)
        except orjson.JSONDecodeError:
            return orjson.dumps(value).decode()
        return value
    try:
        return orjson.dumps(value, default=plain_number).decode()
    except TypeError:
        raise ScalarError(f"Unable to serialize `{java_text(value)}` as valid JSON.") from None


def plain_number(value: Any) -> Any:
    """A JSON value for what orjson does not know: decimals are numbers, sets are lists."""
    if isinstance(value, (set, frozenset)):
        return sorted(value, key=str)
    number = float(value)
    return int(number) if number.is_integer() else number


SCALARS = {
    scalar.name: scalar
    for scalar in (
        Scalar("String", _parse_text("String"), _write_text),
        Scalar("ID", _parse_text("ID"), _write_text),
        Scalar("Int", _parse_int, _write_int),
        Scalar("Float", _parse_float, _write_float),
        Scalar("Boolean", _parse_boolean, _write_boolean),
        _string("AWSDate", "date", _is_date),
        _string("AWSTime", "time", _is_time),
        _string("AWSDateTime", "DateTime Object", _is_date_time, _in_utc),
        _string("AWSEmail", "email address", _is_email),
        _string("AWSURL", "URL", _is_url),
        _string("AWSPhone", "phone number", _is_phone),
        _string("AWSIPAddress", "IP address", _is_address),
        Scalar("AWSTimestamp", _parse_timestamp, _write_timestamp),
        Scalar("AWSJSON", _parse_json, _write_json),
    )
}
