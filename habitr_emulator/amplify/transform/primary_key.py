"""``@primaryKey``: a model's own key instead of ``id``.

https://docs.amplify.aws/gen1/javascript/build-a-backend/graphqlapi/data-modeling/#configure-a-primary-key
"""

from habitr_emulator.amplify.transform import inputs, names
from habitr_emulator.amplify.transform.document import (
    Argument,
    Directive,
    Field,
    Type,
    arguments,
    base,
    is_list,
    non_null,
    nullable,
)
from habitr_emulator.amplify.transform.document import inputs as input_type
from habitr_emulator.amplify.transform.transformation import Key, Model, Transformation

_NAME = "primaryKey"


def sort_fields(directive: Directive) -> tuple[str, ...]:
    """``sortKeyFields``, which may be one string."""
    given = directive.arguments.get("sortKeyFields") or ()
    return (given,) if isinstance(given, str) else tuple(given)


def read(transformation: Transformation, owner: Type, field: Field, directive: Directive) -> None:
    """Give the model its key. Raises ProjectError for what cannot be a key."""
    sort = sort_fields(directive)
    if field.name in sort:
        transformation.refuse(f"@{_NAME} field '{field.name}' cannot reference itself.", directive)
    model = transformation.models.get(owner.name)
    if model is None:
        transformation.refuse(
            f"The @{_NAME} directive may only be added to object definitions annotated with @model.", directive
        )
    if any(other.directive(_NAME) for other in owner.fields.values() if other is not field):
        transformation.refuse(f"You may only supply one primary key on type '{owner.name}'.", directive)
    if not non_null(field.type):
        transformation.refuse(f"The primary key on type '{owner.name}' must reference non-null fields.", directive)
    if not transformation.is_scalar_or_enum(field.type) or is_list(field.type):
        transformation.refuse(
            f"The primary key on type '{owner.name}.{field.name}' cannot be a non-scalar.", directive
        )
    for name in sort:
        _check_sort_field(transformation, model, name, directive)
    model.key, model.custom_key = Key(field.name, sort), True


def _check_sort_field(transformation: Transformation, model: Model, name: str, directive: Directive) -> None:
    field = model.declared.get(name)
    if field is None:
        transformation.refuse(
            f"Can't find field '{name}' in {model.name}, but it was specified in the primary key.", directive
        )
    if not transformation.is_scalar_or_enum(field.type) or is_list(field.type):
        transformation.refuse(
            f"The primary key's sort key on type '{model.name}.{name}' cannot be a non-scalar.", directive
        )
    if not non_null(field.type):
        transformation.refuse(f"The primary key on type '{model.name}' must reference non-null fields.", directive)
    if name in _compound_owner_fields(transformation, model):
        transformation.refuse(
            f"The primary key's sort key type '{name}' cannot be used as an owner @auth field too. Please use "
            "another field for the sort key.",
            directive,
        )


def _compound_owner_fields(transformation: Transformation, model: Model) -> set[str]:
    """Owner fields whose claim has several parts: their stored value is not what a caller would query by."""
    found = model.output.directive("auth")
    if found is None or not transformation.flags.usesubusernamefordefaultidentityclaim:
        return set()
    return {
        rule.get("ownerField", "owner")
        for rule in found.arguments.get("rules") or ()
        if rule.get("allow") == "owner" and "::" in rule.get("identityClaim", "sub::username")
    }


def write(transformation: Transformation, model: Model) -> None:
    """Change the arguments and inputs that ``@model`` made for ``id``."""
    query = transformation.document.root("query") if model.queries else None
    if query and "get" in model.queries:
        pairs = [(name, f"{base(model.declared[name].type)}!") for name in model.key.fields]
        query.fields[model.queries["get"]].arguments = arguments(*pairs)
    if query and "list" in model.queries:
        listed = query.fields[model.queries["list"]]
        hash_type = base(model.declared[model.key.hash].type)
        listed.arguments = {
            model.key.hash: Argument(model.key.hash, hash_type),
            **sort_argument(transformation, model, model.key),
            **listed.arguments,
            "sortDirection": Argument("sortDirection", "ModelSortDirection"),
        }
    _write_inputs(transformation, model)
    add_sort_inputs(transformation, model, model.key)


def _write_inputs(transformation: Transformation, model: Model) -> None:
    types = transformation.document.types
    condition = types.get(f"Model{model.name}ConditionInput")
    for name in model.key.fields:
        if condition:
            condition.fields.pop(name, None)
    update = types.get(names.mutation_input("update", model.name))
    if update:
        for name, field in list(update.fields.items()):
            if name in model.key.fields:
                update.fields[name] = Field(name, f"{nullable(field.type)}!")
            elif name == "id":
                update.fields[name] = Field(name, nullable(field.type))
    removed = types.get(names.mutation_input("delete", model.name))
    if removed:
        removed.fields.pop("id", None)
        keys = {name: Field(name, f"{base(model.declared[name].type)}!") for name in model.key.fields}
        removed.fields = {**keys, **removed.fields}


def sort_argument(transformation: Transformation, model: Model, key: Key) -> dict[str, Argument]:
    """The argument by which a query narrows the sort key: none, one field's, or the fields' joined."""
    if not key.sort:
        return {}
    if len(key.sort) == 1:
        scalar = base(transformation.key_field(model, key.sort[0]).type)
        return arguments((key.sort[0], inputs.key_condition(scalar)))
    return arguments(
        (names.camel(key.sort), f"{names.composite_key(model.name, key.name)}ConditionInput"),
    )


def add_sort_inputs(transformation: Transformation, model: Model, key: Key) -> None:
    """The inputs that ``sort_argument`` needs; they stand in the schema even without a query."""
    if not key.sort:
        return
    for name in key.sort if len(key.sort) == 1 else ():
        scalar = base(transformation.key_field(model, name).type)
        if scalar == "Boolean":
            transformation.refuse(
                f"Sort Key Condition could not be constructed for field '{name}'",
                transformation.key_field(model, name),
            )
        inputs.add_key_condition(transformation.document, scalar)
    if len(key.sort) > 1:
        stem = names.composite_key(model.name, key.name)
        operators = ("eq", "le", "lt", "ge", "gt")
        pairs = [(operator, f"{stem}Input") for operator in operators]
        pairs += [("between", f"[{stem}Input]"), ("beginsWith", f"{stem}Input")]
        transformation.add(input_type(f"{stem}ConditionInput", pairs))
        parts = {name: base(transformation.key_field(model, name).type) for name in key.sort}
        last = key.sort[-1]  # the only one whose AWS scalar is widened
        parts[last] = inputs.SCALARS.get(parts[last], parts[last])
        transformation.add(input_type(f"{stem}Input", parts.items()))


def check_attributes(transformation: Transformation, model: Model) -> None:
    """Refuse keys of a type that DynamoDB cannot order by."""
    for name in (name for key in (model.key, *model.indexes) for name in key.fields):
        field = transformation.key_field(model, name)
        if base(field.type) == "Boolean":
            transformation.refuse("Boolean values cannot be used as sort keys.", field)
