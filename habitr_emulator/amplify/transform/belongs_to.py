"""``@belongsTo``: the other direction of an ``@hasOne`` or ``@hasMany``."""

from habitr_emulator.amplify.transform import has_one, relations
from habitr_emulator.amplify.transform.document import Directive, Field, Type, base, is_list
from habitr_emulator.amplify.transform.transformation import Model, Relation, Transformation


def read(transformation: Transformation, owner: Type, field: Field, directive: Directive) -> None:
    """Check the relation and remember it."""
    relation, related = relations.begin(transformation, owner, field, directive)
    if is_list(field.type):
        transformation.refuse("@belongsTo cannot be used with lists.", directive)
    if _counterpart(owner.name, related) is None:
        transformation.refuse(
            f"{related.name} must have a relationship with {owner.name} in order to use @belongsTo.", directive
        )
    relations.settle(transformation, owner, relation, directive)


def _counterpart(owner: str, related: Model) -> tuple[str, str] | None:
    """(directive, field) of the relation that leads back."""
    for field in related.declared.values():
        if base(field.type) == owner:
            for name in ("hasOne", "hasMany"):
                if field.directive(name):
                    return name, field.name
    return None


def write(transformation: Transformation, model: Model, relation: Relation) -> None:
    """Reuse the foreign key of an ``@hasMany``; beside an ``@hasOne`` the type has its own."""
    if relation.local:
        return
    related = transformation.models[relation.related]
    back = _counterpart(model.name, related)
    if back and back[0] == "hasMany":
        relation.local = relations.foreign_key_names(transformation, related.name, back[1], related.key)
        return
    has_one.write(transformation, model, relation)
