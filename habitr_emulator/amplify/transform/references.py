"""``references``: a relation whose key is declared on the related type, and led back by ``@belongsTo``.

https://docs.amplify.aws/gen1/javascript/build-a-backend/graphqlapi/relationships/
"""

from habitr_emulator.amplify.transform.document import Directive, Field, Type, base, non_null
from habitr_emulator.amplify.transform.transformation import Key, Model, Relation, Transformation

#: The directives by which the other side answers.
_ANSWERED_BY = {"hasOne": ("belongsTo",), "hasMany": ("belongsTo",), "belongsTo": ("hasOne", "hasMany")}
#: Types of one kind for DynamoDB.
_SAME = frozenset({"ID", "String"})


def given(transformation: Transformation, field: Field, directive: Directive) -> tuple[str, ...] | None:
    """The names that a directive refers to; None if it does not."""
    found = directive.arguments.get("references")
    if found is None:
        return None
    names = (found,) if isinstance(found, str) else tuple(found)
    if directive.arguments.get("fields"):
        transformation.refuse(
            f"fields and references cannot be defined in the same {directive.name}. Use 'references'", directive
        )
    if not names:
        transformation.refuse(
            f"Invalid @{directive.name} directive on {field.name} - empty references list", directive
        )
    return names


def read(
    transformation: Transformation, model: Model, relation: Relation, directive: Directive, related: Model
) -> None:
    """Check the references and give the relation its key: an index of the related type, or for ``@belongsTo``
    the related type's own key. Raises ProjectError.
    """
    back = relation.kind == "belongsTo"
    parent, child = (related, model) if back else (model, related)
    if directive.arguments.get("indexName"):
        transformation.refuse(
            f"Invalid @{relation.kind} directive on {model.name}.{relation.field.name} - indexName is not "
            "supported with DynamoDB references.",
            directive,
        )
    if len(relation.references) != len(parent.key.fields):
        transformation.refuse(
            f"The number of references provided to @{relation.kind} must match the number of primary keys on "
            f"{parent.name}.",
            directive,
        )
    _check_fields(transformation, relation, child.output, directive)
    _check_required(transformation, model, relation, directive)
    if not back:
        _check_nullability(transformation, model, relation, directive, child.output)
    _check_other_side(transformation, model, relation, directive, related)
    _check_types(transformation, relation, directive, parent, child)
    if back:
        relation.key, relation.local = parent.key, relation.references
        return
    hashed, *sort = relation.references
    relation.index = f"gsi-{model.name}.{relation.field.name}"
    relation.key = Key(hashed, tuple(sort), relation.index, implicit=True)
    relation.local = model.key.fields
    related.indexes.append(relation.key)


def _check_fields(transformation: Transformation, relation: Relation, child: Type, directive: Directive) -> None:
    for name in relation.references:
        if name not in child.fields:
            transformation.refuse(f"{name} is not a field in {child.name}", directive)
        if not transformation.is_scalar_or_enum(child.fields[name].type):
            transformation.refuse(
                f"All reference fields provided to @{relation.kind} must be scalar or enum fields.", directive
            )


def _check_required(
    transformation: Transformation, model: Model, relation: Relation, directive: Directive
) -> None:
    written = relation.field.type
    if relation.kind == "hasMany":
        wanted = f"[{relation.related}]"
        shown = f"{wanted}!" if non_null(written) else f"[{relation.related}!]"
    else:
        wanted, shown = relation.related, f"{relation.related}!"
    if non_null(written) or "!" in written:
        stem = f"{model.name}.{relation.field.name}: "
        transformation.refuse(
            f"@{relation.kind} fields must not be required. Change '{stem}{shown}' to '{stem}{wanted}'", directive
        )


def _check_nullability(
    transformation: Transformation, model: Model, relation: Relation, directive: Directive, child: Type
) -> None:
    required = [name for name in relation.references if non_null(child.fields[name].type)]
    free = [name for name in relation.references if name not in required]
    if not required or not free:
        return
    quoted = {part: ", ".join(f"'{name}'" for name in found) for part, found in (("!", required), ("", free))}
    listed = ", ".join(f"'{name}'" for name in relation.references)
    transformation.refuse(
        f"Reference fields defined on related type: '{child.name}' for @{relation.kind}(references: [{listed}]) "
        f"{model.name}.{relation.field.name} relationship have inconsistent nullability."
        f"\nRequired fields: {quoted['!']}\nNullable fields: {quoted['']}"
        f"\nUpdate reference fields on type '{child.name}' to have consistent nullability -- either all required "
        "or all nullable.",
        directive,
    )


def _check_other_side(
    transformation: Transformation, model: Model, relation: Relation, directive: Directive, related: Model
) -> None:
    answers = _ANSWERED_BY[relation.kind]
    for field in related.declared.values():
        answer = next((item for item in field.directives if item.name in answers), None)
        if base(field.type) != model.name or answer is None:
            continue
        theirs = answer.arguments.get("references")
        if (theirs if isinstance(theirs, list) else [theirs]) == list(relation.references):
            return
    parent = related.name if relation.kind == "belongsTo" else model.name
    wanted = " or ".join(f"@{name}" for name in answers)
    transformation.refuse(
        f"Uni-directional relationships are not supported. Add a {wanted} field in {related.name} to match the "
        f"@{relation.kind} field {model.name}.{relation.field.name}, and ensure the number and type of reference "
        f"fields match the number and type of primary key fields in {parent}.",
        directive,
    )


def _check_types(
    transformation: Transformation, relation: Relation, directive: Directive, parent: Model, child: Model
) -> None:
    for own, name in zip(parent.key.fields, relation.references, strict=True):
        kinds = {base(transformation.key_field(parent, own).type), base(child.output.fields[name].type)}
        if len(kinds) > 1 and not kinds <= _SAME:
            transformation.refuse(
                f"Type mismatch between primary key field(s) of {parent.name} and reference fields of "
                f"{child.name}. Type of {parent.name}.{own} does not match type of {child.name}.{name}",
                directive,
            )
