"""DynamoDB's numbers: decimal, at most 38 significant digits, magnitude 1E-130 to 9.99…E+125, or zero.

In Python a number has exactly one form, so that equal numbers are equal objects of equal classes: ``int`` if it
fits 64 bits, else ``float`` if its shortest text denotes it exactly, else ``Decimal`` without trailing zeros.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
"""

import re
from decimal import Context, Decimal
from typing import Any, ClassVar

from habitr_emulator.kernel.errors import AwsError

Number = int | float | Decimal

_SYNTAX = re.compile(r"([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))(?:[eE]([+-]?)([0-9]+))?")
_INT64 = 1 << 63
_EXACT = Context(prec=700)
_SHORT = 18

NOT_A_NUMBER = "The parameter cannot be converted to a numeric value"
TOO_MANY_DIGITS = "Attempting to store more than 38 significant digits in a Number"
OVERFLOW = "Number overflow. Attempting to store a number with magnitude larger than supported range"
UNDERFLOW = "Number underflow. Attempting to store a number with magnitude smaller than supported range"


class InvalidAttributeValue(AwsError):
    """A value that DynamoDB does not take; the message is the service's."""

    code = "ValidationException"
    status = 400
    namespace: ClassVar[str] = "com.amazon.coral.validate"


def parse_number(text: Any) -> Number:
    """The number of a text as N carries it; a JSON number is taken too. Raises InvalidAttributeValue."""
    if text.__class__ is not str:
        text = str(text)
    if len(text) < _SHORT and text.isascii() and (text[1:] if text[:1] == "-" else text).isdigit():
        return int(text)
    match = _SYNTAX.fullmatch(text)
    if match is None:
        raise InvalidAttributeValue(f"{NOT_A_NUMBER}: {text}" if text else NOT_A_NUMBER)
    mantissa, sign, exponent = match.group(1), match.group(2) or "", (match.group(3) or "").lstrip("0")
    return canonical(Decimal(f"{mantissa}e{sign}{exponent[:7] or 0}"))


def canonical(number: Decimal) -> Number:
    """The one form of a number. Raises InvalidAttributeValue when it is out of range or too precise."""
    if not number:
        return 0
    sign, digits, _ = number.as_tuple()
    adjusted = number.adjusted()
    if adjusted > 125:
        raise InvalidAttributeValue(OVERFLOW)
    if adjusted < -130:
        raise InvalidAttributeValue(UNDERFLOW)
    significant = len(digits)
    while not digits[significant - 1]:
        significant -= 1
    if significant > 38:
        raise InvalidAttributeValue(TOO_MANY_DIGITS)
    exponent = adjusted - significant + 1
    if exponent >= 0 and adjusted < 19:
        whole = int(number)
        if -_INT64 <= whole < _INT64:
            return whole
    near = float(number)
    return near if Decimal(repr(near)) == number else Decimal((sign, digits[:significant], exponent))


def of_python(number: Number) -> Number:
    """The one form of any Python number (JSON decoders and arithmetic make others: ``3.0``, huge ints)."""
    if number.__class__ is int:
        return number if -_INT64 <= number < _INT64 else canonical(Decimal(number))
    return canonical(exact(number))


def exact(number: Number) -> Decimal:
    """The number as a Decimal; a float stands for its shortest text, not for its binary value."""
    if number.__class__ is Decimal:
        return number
    text = repr(number)
    if number.__class__ is float and not text[-1].isdigit():
        raise InvalidAttributeValue(f"{NOT_A_NUMBER}: {text}")
    return Decimal(text)


def number_text(number: Number) -> str:
    """The number in DynamoDB's notation: plain, without exponent, without trailing zeros."""
    if number.__class__ is int:
        return str(number)
    if number.__class__ is float:
        text = repr(number)
        if "e" not in text:
            return text.removesuffix(".0")
    return format(exact(number), "f")


def add(left: Number, right: Number) -> Number:
    """The exact sum. Raises InvalidAttributeValue when DynamoDB could not hold it."""
    if left.__class__ is int and right.__class__ is int:
        total = left + right
        if -_INT64 <= total < _INT64:
            return total
    return canonical(_EXACT.add(exact(left), exact(right)))


def negative(number: Number) -> Number:
    """The number with the other sign."""
    return of_python(-number)


def less(left: Number, right: Number) -> bool:
    """Whether ``left`` is the smaller number.

    An int and a float, or two floats, compare rightly as they are: rounding to the nearest float is monotone.
    """
    if left.__class__ is Decimal or right.__class__ is Decimal:
        return exact(left) < exact(right)
    return left < right
