"""The inputs that every schema shares, and which input a field's filter takes."""

from habitr_emulator.amplify.transform.document import Document, Field, Type, base, enum, inputs, is_list, non_null

#: GraphQL scalar -> the scalar whose filter inputs it uses.
SCALARS = {
    "ID": "ID",
    "Int": "Int",
    "AWSTimestamp": "Int",
    "BigInt": "Int",
    "Float": "Float",
    "Double": "Float",
    "Boolean": "Boolean",
    "String": "String",
    "AWSDate": "String",
    "AWSTime": "String",
    "AWSDateTime": "String",
    "AWSEmail": "String",
    "AWSJSON": "String",
    "AWSURL": "String",
    "AWSPhone": "String",
    "AWSIPAddress": "String",
}
NUMBERS = frozenset({"Int", "Float", "AWSTimestamp"})

_KINDS = ("String", "Int", "Float", "Boolean", "ID")
_COMPARISONS = ("ne", "eq", "le", "lt", "ge", "gt")
_ATTRIBUTE_TYPES = (
    "binary binarySet bool list map number numberSet string stringSet _null".split()  # noqa: SIM905 - one line
)


def key_condition(scalar: str) -> str:
    """The input of a sort key's condition; enums count as strings."""
    return f"Model{SCALARS.get(scalar, 'String')}KeyConditionInput"


def field_filter(field: Field, document: Document, version: int) -> str | None:
    """The input by which list filters and conditions test a field; None for objects."""
    named = base(field.type)
    if document.is_enum(named):
        return f"Model{named}{'List' if _tested_as_list(field, version) else ''}Input"
    return f"Model{SCALARS[named]}Input" if named in SCALARS else None


def _tested_as_list(field: Field, version: int) -> bool:
    """Version 2 takes a required list of enums for one enum."""
    return is_list(field.type) and (version == 1 or not non_null(field.type))


def enum_tests(field: Field, version: int) -> Type:
    """The input by which an enum field is tested."""
    return enum_filters(base(field.type), of_list=_tested_as_list(field, version))


def subscription_filter(field: Field, document: Document) -> str | None:
    """The input by which subscription filters test a field; enums count as strings."""
    named = base(field.type)
    if document.is_enum(named):
        return "ModelSubscriptionStringInput"
    return f"ModelSubscription{SCALARS[named]}Input" if named in SCALARS else None


def enum_filters(named: str, *, of_list: bool) -> Type:
    """``Model<Enum>Input`` or ``Model<Enum>ListInput``."""
    if not of_list:
        return inputs(f"Model{named}Input", (("eq", named), ("ne", named)))
    return inputs(
        f"Model{named}ListInput",
        (("eq", f"[{named}]"), ("ne", f"[{named}]"), ("contains", named), ("notContains", named)),
    )


def add_key_condition(document: Document, scalar: str) -> None:
    """Make sure that the schema has the key condition input of ``scalar``."""
    name, kind = key_condition(scalar), SCALARS.get(scalar, "String")
    if name in document.types:
        return
    pairs = [(operator, kind) for operator in ("eq", "le", "lt", "ge", "gt")] + [("between", f"[{kind}]")]
    if kind in ("String", "ID"):
        pairs.append(("beginsWith", kind))
    document.types[name] = inputs(name, pairs)


def add_shared(document: Document) -> None:
    """The inputs and enums that stand in every V2 schema."""
    add_tests(document)
    for kind in _KINDS:
        document.types.setdefault(f"ModelSubscription{kind}Input", _subscription(kind))
    add_sort_direction(document)


def add_tests(document: Document) -> None:
    """The inputs by which filters and conditions test scalars."""
    if "ModelAttributeTypes" in document.types:
        return
    made = [_scalar(kind) for kind in _KINDS]
    made.append(enum("ModelAttributeTypes", _ATTRIBUTE_TYPES))
    made.append(
        inputs("ModelSizeInput", [(operator, "Int") for operator in _COMPARISONS] + [("between", "[Int]")])
    )
    for found in made:
        document.types.setdefault(found.name, found)


def add_fields(made: Type, *pairs: tuple[str, str]) -> None:
    """Add fields to a filter unless it has them."""
    for name, kind in pairs:
        made.fields.setdefault(name, Field(name, kind))


def add_sort_direction(document: Document) -> None:
    """The enum of ``sortDirection`` arguments."""
    document.types.setdefault("ModelSortDirection", enum("ModelSortDirection", ("ASC", "DESC")))


def _scalar(kind: str) -> Type:
    pairs = [(operator, kind) for operator in (_COMPARISONS[:2] if kind == "Boolean" else _COMPARISONS)]
    if kind in ("String", "ID"):
        pairs += [("contains", kind), ("notContains", kind), ("between", f"[{kind}]"), ("beginsWith", kind)]
    elif kind != "Boolean":
        pairs.append(("between", f"[{kind}]"))
    pairs += [("attributeExists", "Boolean"), ("attributeType", "ModelAttributeTypes")]
    if kind in ("String", "ID"):
        pairs.append(("size", "ModelSizeInput"))
    return inputs(f"Model{kind}Input", pairs)


def _subscription(kind: str) -> Type:
    pairs = [(operator, kind) for operator in (_COMPARISONS[:2] if kind == "Boolean" else _COMPARISONS)]
    if kind in ("String", "ID"):
        pairs += [("contains", kind), ("notContains", kind)]
    if kind != "Boolean":
        pairs.append(("between", f"[{kind}]"))
        if kind in ("String", "ID"):
            pairs.append(("beginsWith", kind))
        pairs += [("in", f"[{kind}]"), ("notIn", f"[{kind}]")]
    return inputs(f"ModelSubscription{kind}Input", pairs)
