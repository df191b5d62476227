"""The functions of ``$util`` itself.

https://docs.aws.amazon.com/appsync/latest/devguide/utility-helpers-in-util.html
"""

import base64
from collections.abc import Callable
from typing import Any, NoReturn
from urllib.parse import quote_plus, unquote_plus

from habitr_emulator.services.appsync.spec import ResolverContext, ResolverError, Unauthorized
from habitr_emulator.services.appsync.vtl import java_regex
from habitr_emulator.services.appsync.vtl.printing import bounded
from habitr_emulator.services.appsync.vtl.to_json import parse_json, to_json
from habitr_emulator.services.appsync.vtl.util import identifiers

_ESCAPES = {'"': '\\"', "'": "\\'", "\\": "\\\\", "/": "\\/", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_ESCAPES |= {"\b": "\\b", "\f": "\\f"}
_AUTH_TYPES = {
    "AWS_IAM": "IAM Authorization",
    "AMAZON_COGNITO_USER_POOLS": "User Pool Authorization",
    "API_KEY": "API Key Authorization",
    "OPENID_CONNECT": "Open ID Connect Authorization",
    "AWS_LAMBDA": "Lambda Authorization",
}


def quiet(_: Any = None) -> str:
    """``qr``: evaluates its argument and prints nothing."""
    return ""


def escape_java_script(text: str) -> str:
    """The text as the inside of a JavaScript string (Apache Commons' escapeEcmaScript)."""
    return bounded("".join([_ESCAPES.get(c) or (c if " " <= c <= "~" else _unicode(c)) for c in text]))


def _unicode(character: str) -> str:
    units = character.encode("utf-16-be")
    return "".join(f"\\u{units[at]:02X}{units[at + 1]:02X}" for at in range(0, len(units), 2))


def url_encode(text: str) -> str:
    """``application/x-www-form-urlencoded``, as ``java.net.URLEncoder`` does it."""
    return bounded(quote_plus(text, safe="*").replace("~", "%7E"))


def base64_encode(data: str | bytes) -> str:
    """Base64 of the UTF-8 bytes."""
    return bounded(base64.b64encode(data.encode() if isinstance(data, str) else data).decode())


def base64_decode(text: str) -> str:
    """The text behind Base64."""
    return base64.b64decode(text + "=" * (-len(text) % 4)).decode("utf-8", "replace")


def parse(text: str) -> Any:
    """``parseJson``: the value; null for what is no JSON, since Amplify's generated templates ask it about user
    names to see whether they are lists.
    """
    try:
        return parse_json(text)
    except ValueError:
        return None


def is_null_or_empty(value: Any = None) -> bool:
    """Null, "", or an empty list or map."""
    return value is None or (isinstance(value, str | list | dict) and not value)


def is_null_or_blank(value: Any = None) -> bool:
    """Null, "" or white space."""
    return value is None or (isinstance(value, str) and not value.strip())


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def type_of(value: Any = None) -> str:
    """Null, Number, String, Map, List, Boolean or Object."""
    if value is None:
        return "Null"
    for name, kind in (
        ("Boolean", bool),
        ("Number", (int, float)),
        ("String", str),
        ("Map", dict),
        ("List", list),
    ):
        if isinstance(value, kind):
            return name
    return "Object"


def error(message: Any = None, error_type: str | None = None, data: Any = None, info: Any = None) -> NoReturn:
    """End the field with an error; ``data`` is filtered by the selection set, ``info`` is not."""
    raise ResolverError(_message(message), error_type, data, info)


def _message(message: Any) -> str:
    return message if isinstance(message, str) else to_json(message)


def unauthorized() -> NoReturn:
    """Refuse the field."""
    raise Unauthorized(why="the resolver's mapping template called $util.unauthorized()")


def validate(
    condition: bool, message: Any, error_type: str = "CustomTemplateException", data: Any = None, info: Any = None
) -> str:
    """End the field with an error unless the condition holds."""
    if condition is not True:
        error(message, error_type, data, info)
    return ""


def append_error(
    ctx: ResolverContext, message: Any, error_type: str | None = None, data: Any = None, info: Any = None
) -> str:
    """Put an error beside the data and go on."""
    if len(ctx.errors) < 1000:
        ctx.errors.append(ResolverError(_message(message), error_type, data, info))
    return ""


def auth_type(ctx: ResolverContext) -> str:
    """How the request is authorized, in AppSync's words."""
    return _AUTH_TYPES.get(ctx.auth_type, ctx.auth_type)


PURE: dict[str, Callable[..., Any]] = {
    "qr": quiet,
    "quiet": quiet,
    "escapeJavaScript": escape_java_script,
    "urlEncode": url_encode,
    "urlDecode": lambda text: unquote_plus(text),
    "base64Encode": base64_encode,
    "base64Decode": base64_decode,
    "parseJson": parse,
    "toJson": lambda value=None: to_json(value),
    "isNull": lambda value=None: value is None,
    "isNullOrEmpty": is_null_or_empty,
    "isNullOrBlank": is_null_or_blank,
    "defaultIfNull": lambda value=None, default=None: default if value is None else value,
    "defaultIfNullOrEmpty": lambda value=None, default=None: default if is_null_or_empty(value) else value,
    "defaultIfNullOrBlank": lambda value=None, default=None: default if is_null_or_blank(value) else value,
    "isString": lambda value=None: isinstance(value, str),
    "isNumber": lambda value=None: _is_number(value),
    "isBoolean": lambda value=None: isinstance(value, bool),
    "isList": lambda value=None: isinstance(value, list),
    "isMap": lambda value=None: isinstance(value, dict),
    "typeOf": type_of,
    "matches": java_regex.finds,
    "error": error,
    "unauthorized": unauthorized,
    "validate": validate,
}
BOUND: dict[str, Callable[..., Any]] = {
    "appendError": append_error,
    "authType": auth_type,
    "autoId": lambda ctx: ctx.new_id(),
    "autoUlid": identifiers.ulid,
    "autoKsuid": identifiers.ksuid,
}
