"""``@hasOne``: a field that holds one related model, found by a foreign key on the type itself."""

from habitr_emulator.amplify.transform import relations
from habitr_emulator.amplify.transform.document import Directive, Field, Type, is_list, non_null
from habitr_emulator.amplify.transform.transformation import Model, Relation, Transformation


def read(transformation: Transformation, owner: Type, field: Field, directive: Directive) -> None:
    """Check the relation and remember it."""
    relation, related = relations.begin(transformation, owner, field, directive)
    if is_list(field.type):
        transformation.refuse("@hasOne cannot be used with lists. Use @hasMany instead.", directive)
    relations.settle(transformation, owner, relation, directive)
    relations.refuse_mutual(transformation, owner, related, directive)


def write(transformation: Transformation, model: Model, relation: Relation) -> None:
    """Give the type the foreign key, unless the relation names its fields."""
    if relation.local:
        return
    field, related = relation.field, transformation.models[relation.related]
    relation.local = relations.foreign_key_names(transformation, model.name, field.name, related.key)
    relations.add_foreign_key(transformation, model, relation.local, related, non_null(field.type))
    relations.add_to_subscription_filter(transformation, model, relation.local, related)
