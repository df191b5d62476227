"""``@auth``: from rules to roles, and the AppSync directives that let each auth mode in.

https://docs.amplify.aws/gen1/javascript/build-a-backend/graphqlapi/customize-authorization-rules/
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from habitr_emulator.amplify.auth.roles import (
    OPERATIONS,
    READ_OPERATIONS,
    AccessControl,
    Role,
    RoleExists,
)
from habitr_emulator.amplify.transform import auth_rules, names, searchable
from habitr_emulator.amplify.transform import model as models
from habitr_emulator.amplify.transform.document import (
    Argument,
    Directive,
    Field,
    Type,
    bare,
    base,
    is_list,
    non_null,
)
from habitr_emulator.amplify.transform.transformation import Model, Transformation

#: Provider -> AppSync directive, in the order in which they are written.
DIRECTIVES = {
    "apiKey": "aws_api_key",
    "iam": "aws_iam",
    "oidc": "aws_oidc",
    "userPools": "aws_cognito_user_pools",
    "function": "aws_lambda",
}


class Provided(Protocol):
    """A role or a rule: whose ``provider`` AppSync is to let in."""

    @property
    def provider(self) -> str:
        """As ``@auth`` names it."""
        ...


def read_type(transformation: Transformation, owner: Type, directive: Directive) -> None:
    """The rules of a model."""
    model = transformation.models.get(owner.name)
    if model is None:
        transformation.refuse("Types annotated with @auth must also be annotated with @model.", directive)
    rules = auth_rules.read(transformation, owner.name, directive, on_field=False)
    model.access = AccessControl(owner.name, tuple(model.declared))
    _grant(transformation, model.access, rules, directive, overwrite=model.join)


def read_field(transformation: Transformation, owner: Type, field: Field, directive: Directive) -> None:
    """The rules of a field of a model, of a root type or of any other type."""
    if owner.kind == "interface":
        transformation.refuse(
            f"The @auth directive cannot be placed on an interface's field. See {owner.name}.{field.name}",
            directive,
        )
    model = transformation.models.get(owner.name)
    auth_rules.check_field(transformation, owner, field, directive, is_model=model is not None)
    rules = auth_rules.read(transformation, field.name, directive, on_field=True)
    if model is None:
        static = [rule for rule in rules if rule["allow"] != "owner" and not rule.get("groupsField")]
        access = AccessControl(owner.name, (field.name,))
        _grant(transformation, access, static, directive, operations=READ_OPERATIONS)
        transformation.fields_access[owner.name, field.name] = access
        return
    if model.access is None:
        model.access = AccessControl(owner.name, tuple(model.declared))
    else:
        model.access.clear(field.name)
    _grant(transformation, model.access, rules, directive, on=field.name)


def _grant(
    transformation: Transformation,
    access: AccessControl,
    rules: Iterable[dict[str, Any]],
    directive: Directive,
    **more: Any,
) -> None:
    operations, on, overwrite = more.get("operations"), more.get("on"), more.get("overwrite", False)
    for rule in rules:
        for role in _roles(transformation, access.name, rule):
            try:
                given = rule["operations"] if rule["operations"] is not None else OPERATIONS
                access.allow(role, operations or given, on, overwrite=overwrite)
            except RoleExists as error:
                transformation.refuse(f"@auth {access.name}:{error} already exists for {access.name}", directive)


def _roles(transformation: Transformation, owner: str, rule: dict[str, Any]) -> list[Role]:
    provider, strategy = rule["provider"], rule["allow"]
    if rule.get("groups") and not rule.get("groupsField"):
        claim = rule.get("groupClaim") or "cognito:groups"
        return [
            Role(f"{provider}:staticGroup:{group}:{claim}", provider, strategy, True, claim, group)
            for group in rule["groups"]
        ]
    match provider:
        case "apiKey" | "function":
            return [Role(f"{provider}:{'public' if provider == 'apiKey' else 'custom'}", provider, strategy)]
        case "iam":
            claim = "authRole" if strategy == "private" else "unauthRole"
            return [Role(f"iam:{strategy}", provider, strategy, True, claim)]
    if strategy == "private":
        return [Role(f"{provider}:private", provider, strategy)]
    return [_dynamic_role(transformation, owner, rule)]


def _dynamic_role(transformation: Transformation, owner: str, rule: dict[str, Any]) -> Role:
    provider, strategy = rule["provider"], rule["allow"]
    if strategy == "groups":
        kind, entity, claim = "dynamicGroup", rule["groupsField"], rule.get("groupClaim") or "cognito:groups"
    else:
        compound = transformation.flags.usesubusernamefordefaultidentityclaim
        kind, entity = "owner", rule.get("ownerField") or "owner"
        claim = rule.get("identityClaim") or ("sub::username" if compound else "username")
    field = transformation.document.types[owner].fields.get(entity)
    listed = field is not None and is_list(field.type)
    return Role(f"{provider}:{kind}:{entity}:{claim}", provider, strategy, False, claim, entity, listed)


def check_required_fields(transformation: Transformation, model: Model) -> None:
    """A required field that some reader may not read would break every response: refuse it."""
    if model.access is None or not model.heard:
        return
    bared = [
        name
        for name in model.access.fields
        if non_null(model.output.fields[name].type) and model.access.field_readers(name) is not None
    ]
    if bared:
        listed = ",".join(f'"{name}"' for name in bared)
        transformation.refuse(
            "When using field-level authorization rules you need to add rules to all of the model's required "
            f'fields with at least read permissions. Found model "{model.name}" with required fields [{listed}] '
            "missing field-level authorization rules.\n\nFor more information visit "
            "https://docs.amplify.aws/cli/graphql/authorization-rules/#field-level-authorization-rules",
            model.output,
        )


def check_relations(transformation: Transformation, model: Model) -> None:
    """The fields of a to-one relation must be as many as the related key's."""
    if model.access is None:
        return
    for relation in model.relations.values():
        related = transformation.models[relation.related]
        wrong = relation.kind != "hasMany" and relation.fields and len(relation.fields) != len(related.key.fields)
        if wrong and related.access is not None:
            transformation.refuse(
                f"Invalid @{relation.kind} on {model.name}:{relation.field.name}. Provided fields do not match "
                f"the size of primary key(s) for {related.name}",
                relation.field,
            )


def write(transformation: Transformation) -> None:
    """Owner fields and AppSync directives, for every type with rules."""
    seen: dict[str, set[str]] = {}
    shared: list[Role] = []
    guarded = [model for model in transformation.models.values() if model.access]
    for model in guarded:
        assert model.access is not None
        roles = list(model.access.roles.values())
        _write_owner_fields(transformation, model, roles)
        directives = service_directives(transformation, roles)
        model.output.directives.extend(directives)
        _write_operations(transformation, model, model.access)
        write_nested(transformation, model.output.fields, roles, seen)
        if model.search or model.output.directive("searchable"):
            shared.extend(roles)
    for (owner, name), access in transformation.fields_access.items():
        field = transformation.document.types[owner].fields[name]
        field.directives.extend(service_directives(transformation, list(access.roles.values())))
    for name in searchable.SHARED if shared else ():
        transformation.add_directives(name, service_directives(transformation, shared))


def service_directives(
    transformation: Transformation, roles: Sequence[Provided], *, with_default: bool = False
) -> list[Directive]:
    """No directive for the default mode alone; every mode's own as soon as there is another. Callers whom no rule
    binds come signed.
    """
    providers = {role.provider for role in roles}
    if transformation.admins and "iam" in transformation.providers:
        providers.add("iam")
    default = transformation.providers[0]
    if providers - {default} and with_default:
        providers.add(default)
    if providers <= {default}:
        return []
    return [bare(name) for provider, name in DIRECTIVES.items() if provider in providers]


def _write_owner_fields(transformation: Transformation, model: Model, roles: Iterable[Role]) -> None:
    types = transformation.document.types
    heard = types.get(names.subscription_filter(model.name))
    for role in roles:
        if role.static:
            continue
        if heard and role.provider in ("userPools", "oidc"):
            heard.fields.pop(role.entity, None)
        if role.strategy != "owner":
            continue
        model.output.fields.setdefault(role.entity, Field(role.entity, "String"))
        for name in (names.filter_input(model.name, listed=True), names.condition_input(model.name)):
            if name in types:
                types[name].fields.setdefault(role.entity, Field(role.entity, "ModelStringInput"))
    for role in roles:
        if heard and role.strategy == "owner":
            heard.fields[role.entity] = Field(role.entity, "ModelStringInput")


def _write_operations(transformation: Transformation, model: Model, access: AccessControl) -> None:
    for kind, verb, field in models.operations(transformation, model):
        if kind == "subscription":
            if model.level == "on":
                _write_subscription(transformation, access, field)
            continue
        roles = access.with_operation_everywhere(verb) if verb == "delete" else access.with_operation(verb)
        protect(transformation, field, roles)
    query = transformation.document.root("query") if model.search or model.indexes else None
    for key in model.indexes:
        if query and key.query:
            for verb in ("list", "get"):
                protect(transformation, query.fields[key.query], access.with_operation(verb))
    if query and model.search:
        protect(transformation, query.fields[model.search], access.with_operation("search"))


def protect(
    transformation: Transformation, field: Field, roles: Sequence[Provided], *, with_default: bool = False
) -> None:
    """Let the roles' modes in, to the field and to the type that it answers."""
    directives = service_directives(transformation, roles, with_default=with_default)
    field.directives.extend(directives)
    transformation.add_directives(base(field.type), directives)


def _write_subscription(transformation: Transformation, access: AccessControl, field: Field) -> None:
    listeners = access.with_operation("listen")
    protect(transformation, field, listeners)
    for role in listeners:
        if role.strategy == "owner" and not role.listed:
            field.arguments[role.entity] = Argument(role.entity, "String")


def write_nested(
    transformation: Transformation,
    fields: Mapping[str, Field],
    roles: Sequence[Provided],
    seen: dict[str, set[str]],
    *,
    with_default: bool = False,
) -> None:
    """Object types inside a model carry the model's directives; those of several models add up."""
    for field in list(fields.values()):
        nested = transformation.document.types.get(base(field.type))
        if nested is None or nested.kind != "type" or nested.name in transformation.models:
            continue
        known = seen.get(nested.name)
        directives = service_directives(transformation, roles, with_default=with_default or known is not None)
        fresh = [item for item in directives if item.name not in (known or ())]
        if known is None or fresh:
            seen[nested.name] = {*(known or ()), *(item.name for item in fresh)}
            nested.directives.extend(fresh)
            write_nested(transformation, nested.fields, roles, seen, with_default=with_default)
