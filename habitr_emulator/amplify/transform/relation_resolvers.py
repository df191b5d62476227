"""The resolvers of relational fields."""

from collections.abc import Iterator
from dataclasses import replace

from habitr_emulator.amplify.auth import filters, grants, redaction
from habitr_emulator.amplify.auth.roles import READ_OPERATIONS, Role
from habitr_emulator.amplify.resolvers import get, relation, steps
from habitr_emulator.amplify.resolvers.documents import result
from habitr_emulator.amplify.resolvers.steps import Step
from habitr_emulator.amplify.transform.document import non_null
from habitr_emulator.amplify.transform.resources import Resources
from habitr_emulator.amplify.transform.transformation import Model, Relation, Transformation
from habitr_emulator.services.appsync.spec import Resolver


def resolver(transformation: Transformation, model: Model, found: Relation, resources: Resources) -> Resolver:
    """A relational field: guarded by its own rules, then by the related type's, then looked up."""
    many = found.kind == "hasMany"
    shape = relation.RelationShape(found.local, found.key.hash, found.key.sort, found.key.name, found.limit)
    request = relation.to_many(shape) if many else relation.to_one(shape)
    data = Step("data", None, f"{found.related}Table", request, result if many else get.response)
    readers = _readers(model, found.field.name)
    checks = _checks(transformation, model, found, resources)
    user = resources.user_templates.get((model.name, found.field.name))
    stash = {"typeName": model.name, "fieldName": found.field.name}
    made = steps.assemble(f"{model.name}{found.field.name}", [*checks, data], user, steps.QUERY_SLOTS, stash)
    if user is not None or readers is not None:  # these may look at anything in the source
        return made
    return replace(made, reads=(*found.local, redaction.OPERATION))


def _readers(model: Model, name: str) -> list[Role] | None:
    access = model.access
    return access.field_readers(name) if access is not None and name in access.fields else None


def _checks(transformation: Transformation, model: Model, found: Relation, resources: Resources) -> Iterator[Step]:
    related, name, many = transformation.models[found.related], found.field.name, found.kind == "hasMany"
    policy = grants.Policy(related.name, resources.iam)
    if model.access is None or related.access is None:
        yield Step("postAuth", grants.sandbox(policy, enabled=transformation.sandbox))
        return
    readers = _readers(model, name)
    if readers is not None:
        own = grants.Policy(model.name, resources.iam)
        yield Step("auth", redaction.field_check(own, name, readers))
    roles = related.access.with_operation(*READ_OPERATIONS)
    yield Step("auth", filters.relation_check(policy, roles, _key_sources(found, related), many=many))
    if model.level == "on" and _redacted(transformation, model, found, guarded=readers is not None):
        yield Step("postAuth", relation.redaction(many=many))


def _redacted(transformation: Transformation, model: Model, found: Relation, *, guarded: bool) -> bool:
    if guarded:
        return True
    if transformation.flags.subscriptionsinheritprimaryauth or non_null(found.field.type):
        return False
    related = transformation.models[found.related]
    assert model.access is not None
    assert related.access is not None
    return redaction.must_redact(model.access, related.access)


def _key_sources(found: Relation, related: Model) -> dict[str, tuple[str, str]]:
    """Where the values of the related key's attributes come from."""
    if found.references:
        return {}
    if found.kind != "hasMany":
        return {name: ("source", own) for name, own in zip(related.key.fields, found.local, strict=False)}
    if found.key.implicit:
        return {}
    key = found.key
    attributes = [name for name in (key.hash, key.range_attribute) if name] if key.name else list(key.fields)
    return {
        name: ("source", found.local[place]) if place < len(found.local) else ("args", name)
        for place, name in enumerate(attributes)
    }
