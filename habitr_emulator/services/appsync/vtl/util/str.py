"""``$util.str``.

https://docs.aws.amazon.com/appsync/latest/devguide/str-helpers-in-utils-str.html
"""

import unicodedata
from collections.abc import Callable
from typing import Any, Literal

from habitr_emulator.services.appsync.vtl import strings

_FORMS: dict[str, Literal["NFC", "NFD", "NFKC", "NFKD"]] = {
    "nfc": "NFC",
    "nfd": "NFD",
    "nfkc": "NFKC",
    "nfkd": "NFKD",
}


def normalize(text: Any, form: Any) -> Any:
    """The text in a Unicode normalization form: nfc, nfd, nfkc or nfkd; raises ValueError for another."""
    known = _FORMS.get(form)
    if known is None:
        raise ValueError(f"unknown normalization form: {form}")
    return unicodedata.normalize(known, text)


PURE: dict[Any, Callable[..., Any]] = {
    "toUpper": lambda text: text.upper(),
    "toLower": lambda text: text.lower(),
    "toReplace": strings.METHODS["replace"],
    "normalize": normalize,
}
