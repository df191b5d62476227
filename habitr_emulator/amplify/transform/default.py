"""``@default``: a value for a field that a create leaves out.

https://docs.amplify.aws/gen1/javascript/build-a-backend/graphqlapi/data-modeling/#assign-default-values-for-fields
"""

import json
import re
from collections.abc import Callable
from datetime import date
from ipaddress import ip_address
from typing import Any

from habitr_emulator.amplify.transform.document import Directive, Field, Type, base, is_list
from habitr_emulator.amplify.transform.transformation import Model, Transformation

# guess: AWSPhone and AWSURL are judged by their look; Amplify asks libphonenumber and Node.
_CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.\d+)?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
_DATE = r"\d{4}-(0[1-9]|1[012])-(0[1-9]|[12][0-9]|3[01])"
_PATTERNS = {
    "Int": r"\s*[+-]?\d.*",
    "AWSTimestamp": r"\s*[+-]?\d.*",
    "Float": r"\s*[+-]?(\d|\.\d|Infinity).*",
    "Boolean": r"(?i:true|false)",
    "AWSDate": _DATE,
    "AWSTime": _CLOCK,
    "AWSDateTime": f"{_DATE}T{_CLOCK}",
    "AWSEmail": r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?",
    "AWSURL": r"[a-zA-Z][a-zA-Z0-9+.-]*:.+",
    "AWSPhone": r"\+[1-9][\d ().-]{6,20}",
}


#: Types whose values must also exist: no 30th of February.
_PARSED: dict[str, Callable[[str], object]] = {
    "AWSDate": date.fromisoformat,
    "AWSDateTime": lambda text: date.fromisoformat(text[:10]),
    "AWSIPAddress": ip_address,
}


def _parses(kind: str, text: str) -> bool:
    try:
        _PARSED[kind](text)
    except ValueError:
        return False
    return True


def read(transformation: Transformation, owner: Type, field: Field, directive: Directive) -> None:
    """Check the default and give it to the model."""
    model = transformation.models.get(owner.name)
    if model is None:
        transformation.refuse(
            "The @default directive may only be added to object definitions annotated with @model.", directive
        )
    if is_list(field.type) or not transformation.is_scalar_or_enum(field.type):
        transformation.refuse("The @default directive may only be added to scalar or enum field types.", directive)
    model.defaults[field.name] = _value(transformation, model, field, directive)


def _value(transformation: Transformation, model: Model, field: Field, directive: Directive) -> Any:
    text, kind = directive.arguments["value"], base(field.type)
    if transformation.document.is_enum(kind):
        if text not in transformation.document.types[kind].values:
            transformation.refuse(f'Default value "{text}" is not a member of {kind} enum.', directive)
        return text
    if kind == "AWSJSON":
        try:
            return json.loads(text)
        except ValueError:
            transformation.refuse(f'Default value "{text}" is not a valid {kind}.', directive)
    fits = kind not in _PATTERNS or re.fullmatch(_PATTERNS[kind], text, re.DOTALL)
    if not fits or (kind in _PARSED and not _parses(kind, text)):
        transformation.refuse(f'Default value "{text}" is not a valid {kind}.', directive)
    match kind:
        case "Int" | "AWSTimestamp" | "Float" | "Boolean":
            return _literal(text)
        case _:
            return text


def _literal(text: str) -> Any:
    """Numbers and booleans stand unquoted in the generated template."""
    try:
        return json.loads(text.lower() if text.lower() in ("true", "false") else text)
    except ValueError:
        return text
