"""Patterns of policies: ``*`` and ``?``, policy variables, and ARNs by component.

A variable's value is literal: a ``*`` in a user's name matches only a star. ``${*}``, ``${?}`` and ``${$}`` are
those characters themselves. A pattern whose variable has no value matches nothing, and makes a statement that
excludes by it (NotResource, StringNotEquals …) match nothing either
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html).
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

#: Condition keys of a request: lower-case name to its values.
Values = Mapping[str, tuple[str, ...]]
_TOKENS = re.compile(r"\$\{[^{}]*\}|\*|\?|\$|[^*?$]+")
_VARIABLE = re.compile(r"\$\{\s*([^,\s]+)\s*(?:,\s*'([^']*)'\s*)?\}")
_ARN_COLONS = 5


class Unresolved(Exception):
    """A policy variable has no value in this request."""


def matches(pattern: str, text: str, values: Values | None = None, *, ignore_case: bool = False) -> bool:
    """Whether the glob ``pattern`` matches the whole of ``text``.

    ``values`` None means that the policy's version knows no variables. Raises Unresolved.
    """
    if pattern == "*":
        return True
    return _expression(pattern, values, False, ignore_case).fullmatch(text) is not None


def matches_arn(pattern: str, arn: str, values: Values | None = None) -> bool:
    """Like ``matches``, but a wildcard in one of an ARN's first five components does not cross a colon."""
    return _expression(pattern, values, True, False).fullmatch(arn) is not None


def resolve(text: str, values: Values | None) -> str:
    """``text`` with its variables replaced, wildcards left alone. Raises Unresolved."""
    if values is None or "${" not in text:
        return text
    return "".join(_literal(token, values) if token.startswith("${") else token for token in _TOKENS.findall(text))


def _expression(pattern: str, values: Values | None, arn: bool, ignore_case: bool) -> re.Pattern[str]:
    if values is None or "${" not in pattern:
        return _constant(pattern, arn, ignore_case)
    return re.compile(_source(pattern, lambda token: _literal(token, values), arn), _flags(ignore_case))


@lru_cache(maxsize=8192)
def _constant(pattern: str, arn: bool, ignore_case: bool) -> re.Pattern[str]:
    source = _source(pattern, lambda token: token, arn)
    return re.compile(source, _flags(ignore_case))


def _flags(ignore_case: bool) -> re.RegexFlag:
    return re.DOTALL | re.IGNORECASE if ignore_case else re.DOTALL


def _source(pattern: str, variable: Callable[[str], str], arn: bool) -> str:
    """The expression. A star takes as little as what follows it up to the next star allows, once and for all
    (an atomic group): where that fails no longer one helps, and trying them all would take hours.
    """
    done, part, star = [], "", ""
    colons = 0
    for piece in _TOKENS.findall(pattern):
        one = "[^:]" if arn and colons < _ARN_COLONS else "."
        if piece == "*":
            done.append(f"(?>{star}?{part})" if star else part)
            part, star = "", f"{one}*"
        elif piece == "?":
            part += one
        else:
            literal = variable(piece) if piece.startswith("${") else piece
            colons += literal.count(":")
            part += re.escape(literal)
    return "".join(done) + star + part


def _literal(token: str, values: Values) -> str:
    if token in ("${*}", "${?}", "${$}"):
        return token[2]
    found = _VARIABLE.fullmatch(token)
    if found is None:
        raise Unresolved(token)
    value = values.get(found[1].lower(), ())
    if len(value) == 1:
        return value[0]
    if found[2] is not None and not value:
        return found[2]
    raise Unresolved(token)
