"""Which fields an identity pool's roles may call, by the ``iam`` rules of a schema."""

from collections.abc import Iterable
from typing import Any

from habitr_emulator.amplify.auth.roles import Role
from habitr_emulator.amplify.auth.v1.rules import Rule
from habitr_emulator.amplify.transform import model as models
from habitr_emulator.amplify.transform.transformation import Transformation

Document = dict[str, Any]


def policies(transformation: Transformation, api_arn: str) -> tuple[Document | None, Document | None]:
    """The policies of the authenticated and of the guest role (None: nothing to allow)."""
    members: dict[str, None] = {}
    guests: dict[str, None] = {}
    roots = transformation.document.roots
    for model in transformation.models.values():
        roles: list[Role | Rule] = [*(model.access.roles.values() if model.access else ()), *model.rules]
        roles += [rule for rules in model.field_rules.values() for rule in rules]
        names = [f"types/{model.name}/*"]
        names += [
            f"types/{roots[kind]}/fields/{field.name}"
            for kind, _, field in models.operations(transformation, model)
        ]
        queries = (*(key.query for key in model.indexes), model.search)
        names += [f"types/{roots['query']}/fields/{name}" for name in queries if name]
        _allow(roles, names, members, guests)
    for (owner, name), access in transformation.fields_access.items():
        _allow(access.roles.values(), [f"types/{owner}/fields/{name}"], members, guests)
    for (owner, name), rules in transformation.fields_rules.items():
        _allow(rules, [f"types/{owner}/fields/{name}"], members, guests)
    if members or guests:
        _allow_marked(transformation, members, guests)
    return _document(api_arn, members), _document(api_arn, guests)


def _allow(
    roles: Iterable[Role | Rule], names: Iterable[str], members: dict[str, None], guests: dict[str, None]
) -> None:
    strategies = {role.strategy for role in roles if role.provider == "iam"}
    listed = dict.fromkeys(names)
    if strategies:
        members.update(listed)
    if "public" in strategies:
        guests.update(listed)


def _allow_marked(transformation: Transformation, members: dict[str, None], guests: dict[str, None]) -> None:
    """Object types inside models carry ``@aws_iam``; both roles may read them."""
    for found in transformation.document.types.values():
        marked = found.directive("aws_iam") or transformation.providers[0] == "iam"
        if found.kind == "type" and marked and found.name not in transformation.models:
            if found.name in transformation.document.roots.values():
                continue
            members[f"types/{found.name}/*"] = guests[f"types/{found.name}/*"] = None


def _document(api_arn: str, names: dict[str, None]) -> Document | None:
    if not names:
        return None
    resources = [f"{api_arn}/{name}" for name in names]
    statement = {"Effect": "Allow", "Action": ["appsync:GraphQL"], "Resource": resources}
    return {"Version": "2012-10-17", "Statement": [statement]}
