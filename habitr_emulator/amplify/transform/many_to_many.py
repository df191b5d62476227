"""``@manyToMany``: a join model between two models, and a connection to it on either side."""

from habitr_emulator.amplify.transform import names
from habitr_emulator.amplify.transform.document import Directive, Field, Type, base, is_list
from habitr_emulator.amplify.transform.relations import JOINED, MANY_TO_MANY
from habitr_emulator.amplify.transform.transformation import Model, Transformation

_NAME = "manyToMany"
Side = tuple[Model, Field, Directive]


def expand(transformation: Transformation) -> list[Type]:
    """Add each relation's join type to the document and turn both fields into ``@hasMany`` of it."""
    sides: dict[str, list[Side]] = {}
    for owner in list(transformation.document.types.values()):
        for field in owner.fields.values():
            directive = field.directive(_NAME)
            if directive is not None:
                model = _check(transformation, owner, field, directive)
                name = names.upper(directive.arguments["relationName"])
                sides.setdefault(name, []).append((model, field, directive))
    return [_join(transformation, name, found) for name, found in sides.items()]


def _check(transformation: Transformation, owner: Type, field: Field, directive: Directive) -> Model:
    model = transformation.models.get(owner.name)
    if model is None:
        transformation.refuse(f"@{_NAME} must be on an @model object type field.", directive)
    if not is_list(field.type):
        transformation.refuse(f"@{_NAME} must be used with a list.", directive)
    return model


def _join(transformation: Transformation, name: str, sides: list[Side]) -> Type:
    directive = sides[0][2]
    if len(sides) != 2:
        transformation.refuse(f"@{_NAME} relation '{name}' must be used in exactly two locations.", directive)
    for one, other in ((0, 1), (1, 0)):
        expected, got = base(sides[one][1].type), sides[other][0].name
        if expected != got:
            transformation.refuse(
                f"@{_NAME} relation '{name}' expects '{expected}' but got '{got}'.", sides[one][2]
            )
    if name in transformation.document.types:
        transformation.refuse(
            f"@{_NAME} relation name '{name}' (derived from '{directive.arguments['relationName']}') already "
            "exists as a type in the schema.",
            directive,
        )
    if sides[0][0] is sides[1][0]:
        transformation.refuse(
            f"You may only supply one @index with the name 'by{sides[0][0].name}' on type '{name}'.", directive
        )
    made = Type("type", name, {"id": Field("id", "ID!")}, line=directive.line, column=directive.column)
    made.directives = [JOINED, *_rules(sides)]
    for model, _, _ in sides:
        _add_key_fields(transformation, made, model)
    for model, field, marked in sides:
        _add_reference(transformation, made, model)
        _make_has_many(model, field, marked, name)
    transformation.document.types[name] = made
    return made


def _rules(sides: list[Side]) -> list[Directive]:
    """The union of both sides' rules."""
    rules: list[object] = []
    for model, _, _ in sides:
        found = model.output.directive("auth")
        for rule in (found.arguments.get("rules") or ()) if found else ():
            if rule not in rules:
                rules.append(rule)
    return [Directive("auth", "@auth", {"rules": rules})] if rules else []


def _key_names(transformation: Transformation, model: Model) -> tuple[str, ...]:
    """``postID``; sort fields keep their case: ``studentnumber``."""
    stem = names.lower(model.name)
    respected = transformation.flags.respectprimarykeyattributesonconnectionfield
    suffix = names.upper(model.key.hash) if respected else "ID"
    return (stem + suffix, *(stem + name for name in model.key.sort))


def _add_key_fields(transformation: Transformation, made: Type, model: Model) -> None:
    key_names = _key_names(transformation, model)
    for own, theirs in zip(key_names, model.key.fields, strict=True):
        made.fields[own] = Field(own, f"{base(transformation.key_field(model, theirs).type)}!")
    index = Directive("index", "@index", {"name": f"by{model.name}", "sortKeyFields": list(key_names[1:])})
    made.fields[key_names[0]].directives.append(index)


def _add_reference(transformation: Transformation, made: Type, model: Model) -> None:
    name = names.lower(model.name)
    fields = list(_key_names(transformation, model))
    made.fields[name] = Field(
        name, f"{model.name}!", directives=[Directive("hasOne", "@hasOne", {"fields": fields})]
    )


def _make_has_many(model: Model, field: Field, marked: Directive, join: str) -> None:
    given = {"indexName": f"by{model.name}", "fields": list(model.key.fields)}
    if "limit" in marked.arguments:
        given["limit"] = marked.arguments["limit"]
    has_many = Directive("hasMany", MANY_TO_MANY, given, marked.line, marked.column)
    replaced = Field(
        field.name,
        f"[{join}]",
        field.arguments,
        [*field.directives, has_many],
        line=field.line,
        column=field.column,
    )
    model.output.fields[field.name] = model.declared[field.name] = replaced
