"""The resolvers of ``@searchable``."""

from collections.abc import Iterable

from habitr_emulator.amplify.auth import filters, grants, redaction
from habitr_emulator.amplify.auth.identity import Check
from habitr_emulator.amplify.resolvers import search, steps
from habitr_emulator.amplify.resolvers.steps import Step
from habitr_emulator.amplify.transform import resources
from habitr_emulator.amplify.transform.document import Field, base
from habitr_emulator.amplify.transform.resources import Resources
from habitr_emulator.amplify.transform.transformation import Model, Transformation
from habitr_emulator.services.appsync.spec import Resolver

SEARCH_SOURCE = "OpenSearchDataSource"
#: Fields of these types are compared as they are; those of all others by their keyword.
_PLAIN = frozenset({"Int", "Float", "Boolean", "AWSDate", "AWSTime", "AWSDateTime", "AWSTimestamp"})


def search_resolver(transformation: Transformation, model: Model, to: Resources) -> Resolver:
    """The search query of a model."""
    fields = (model.declared if transformation.version == 1 else model.output.fields).values()
    path = f"/{resources.search_index(model)}/{'doc/' if transformation.version == 1 else ''}_search"
    shape = search.SearchShape(path, _plain(fields), model.key.fields, _guards(model, to))
    found = _v1_steps(model, shape) if transformation.version == 1 else _steps(transformation, model, to, shape)
    root = transformation.document.roots["query"]
    user = to.user_templates.get((root, model.search or ""))
    stash = {"typeName": root, "fieldName": model.search}
    return steps.assemble(f"{root}{model.search}", found, user, steps.QUERY_SLOTS, stash)


def _plain(fields: Iterable[Field]) -> frozenset[str]:
    return frozenset(field.name for field in fields if base(field.type) in _PLAIN)


def _guards(model: Model, to: Resources) -> dict[str, tuple[Check, frozenset[str]]]:
    """Who may aggregate over a guarded field: over all items, or over those that name the caller."""
    if model.access is None:
        return {}
    policy, found = grants.Policy(model.name, to.iam), {}
    for name in model.access.fields:
        readers = model.access.field_readers(name)
        if readers is not None:
            static = [role for role in readers if role.static]
            dynamic = frozenset(role.entity for role in readers if not role.static)
            found[name] = redaction.field_check(policy, name, static), dynamic
    return found


def _steps(transformation: Transformation, model: Model, to: Resources, shape: search.SearchShape) -> list[Step]:
    policy = grants.Policy(model.name, to.iam)
    if model.access is None:
        check = Step("postAuth", grants.sandbox(policy, enabled=transformation.sandbox))
    else:
        roles = model.access.with_operation("search")
        check = Step("auth", filters.query_check(policy, roles, "search", (), index=False))
    return [check, Step("data", None, SEARCH_SOURCE, search.request(shape), search.response)]


def _v1_steps(model: Model, shape: search.SearchShape) -> list[Step]:
    from habitr_emulator.amplify.auth.v1 import reads
    from habitr_emulator.amplify.auth.v1.judge import judges
    from habitr_emulator.amplify.auth.v1.rules import for_operation

    readers = judges(model.name, "read", for_operation(model.rules, "read"))
    response = reads.page(readers, search.v1_response)
    return [Step("data", None, SEARCH_SOURCE, search.v1_request(shape), response)]
