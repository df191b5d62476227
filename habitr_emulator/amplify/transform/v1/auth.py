"""``@auth`` of version 1: its rules, AppSync's directives, owner fields and owner arguments.

https://docs.amplify.aws/cli-legacy/graphql-transformer/auth/
"""

from typing import Any

from habitr_emulator.amplify.auth.v1.rules import Rule, for_operation
from habitr_emulator.amplify.transform import auth, auth_rules
from habitr_emulator.amplify.transform import model as models
from habitr_emulator.amplify.transform.document import Argument, Directive, Field, Type, base, is_list, non_null
from habitr_emulator.amplify.transform.subscriptions import EVENTS
from habitr_emulator.amplify.transform.transformation import Model, Transformation
from habitr_emulator.amplify.transform.v1 import names

_MUTATIONS = ("create", "update", "delete")
_QUERIES = ("get", "list")
#: As version 2's, but for private rules of OIDC, and by the older name of the identity pool.
_ALLOWED: dict[str, auth_rules.Allowed] = {
    **auth_rules.ALLOWED,
    "public": (("apiKey", "iam"), "'apiKey' (default) and 'iam' providers"),
    "private": (("userPools", "iam"), "'userPools' (default) and 'iam' providers"),
}


def read_type(transformation: Transformation, owner: Type, directive: Directive) -> None:
    """The rules of a model. Raises ProjectError."""
    model = transformation.models.get(owner.name)
    if model is None:
        transformation.refuse("Types annotated with @auth must also be annotated with @model.", directive)
    model.rules = _rules(transformation, directive)


def read_field(transformation: Transformation, owner: Type, field: Field, directive: Directive) -> None:
    """The rules of a field of a model, of a root type or of any other type. Raises ProjectError."""
    if owner.kind == "interface":
        transformation.refuse(
            f"The @auth directive cannot be placed on an interface's field. See {owner.name}{field.name}",
            directive,
        )
    if any(rule.keys() & {"queries", "mutations"} for rule in _given(directive)):
        transformation.refuse(
            "@auth directives used on field definitions may not specify the 'queries' or 'mutations' arguments. "
            "All @auth directives used on field definitions are performed when the field is resolved and can be "
            "thought of as 'read' operations.",
            directive,
        )
    rules, model = _rules(transformation, directive), transformation.models.get(owner.name)
    auth_rules.check_field(transformation, owner, field, directive, is_model=model is not None)
    if owner.name not in transformation.document.roots.values():
        _add_owner_fields(transformation, owner, rules)
    if model is None:
        transformation.fields_rules[owner.name, field.name] = rules
        return
    if model.level == "on" and non_null(field.type) and for_operation(rules, "read"):
        transformation.refuse(
            f"\nPer-field auth on the required field {field.name} is not supported with subscriptions.\n"
            "Either make the field optional, set auth on the object and not the field, or disable subscriptions "
            "for the object (setting level to off or public)\n",
            directive,
        )
    model.field_rules[field.name] = rules


def _given(directive: Directive) -> list[dict[str, Any]]:
    given = directive.arguments.get("rules") or ()
    return [dict(rule) for rule in (given if isinstance(given, list | tuple) else (given,))]


def _rules(transformation: Transformation, directive: Directive) -> tuple[Rule, ...]:
    listed = _given(directive)
    for rule in listed:
        rule["provider"] = rule.get("provider") or auth_rules.DEFAULT_PROVIDER[rule["allow"]]
    for rule in listed:
        auth_rules.check_strategy(transformation, rule, directive, _ALLOWED)
        auth_rules.check_provider(transformation, rule, directive)
        _check_members(transformation, rule, directive)
    return tuple(map(_rule, listed))


def _check_members(transformation: Transformation, rule: dict[str, Any], directive: Directive) -> None:
    """Refuse arguments that do not belong together."""
    strategy = rule["allow"]
    if strategy == "groups" and rule.get("identityClaim"):
        transformation.refuse(
            "\n            @auth identityField/Claim can only be used for 'allow: owner'", directive
        )
    if strategy == "owner" and rule.get("groupClaim"):
        transformation.refuse("\n            @auth groupClaim can only be used 'allow: groups'", directive)
    if rule.get("groupsField") and rule.get("groups"):
        transformation.refuse("This rule has groupsField and groups, please use one or the other", directive)


def _rule(given: dict[str, Any]) -> Rule:
    strategy, groups = given["allow"], tuple(given.get("groups") or ())
    field = claim = ""
    if strategy == "owner":
        field, claim = given.get("ownerField") or "owner", given.get("identityClaim") or ""
    elif strategy == "groups":
        field, claim = given.get("groupsField") or ("" if groups else "groups"), given.get("groupClaim") or ""
    return Rule(strategy, given["provider"], _operations(given), field, groups, claim)


def _operations(given: dict[str, Any]) -> frozenset[str]:
    """``operations``, or the older ``queries`` and ``mutations``; all that is not said. ``queries`` names root
    queries alone: connections, indexes and subscriptions then have no rule.
    """
    if "operations" in given:
        return frozenset(given["operations"] or ())
    queries, mutations = given.get("queries", ("read",)), given.get("mutations", _MUTATIONS)
    return frozenset((*(queries or ()), *(mutations or ())))


def write(transformation: Transformation) -> None:
    """Owner fields, owner arguments and AppSync's directives, for every type with rules."""
    seen: dict[str, set[str]] = {}
    for model in transformation.models.values():
        if model.rules:
            _write_owner_fields(transformation, model)
            model.output.directives.extend(
                auth.service_directives(transformation, model.rules, with_default=False)
            )
            _write_operations(transformation, model)
            _write_connections(transformation, model)
            auth.write_nested(transformation, model.declared, model.rules, seen, with_default=True)
        for name, rules in model.field_rules.items():
            _write_field(transformation, model, name, rules)
    for (owner, name), rules in transformation.fields_rules.items():
        directives = auth.service_directives(transformation, rules)
        transformation.document.types[owner].fields[name].directives.extend(directives)
        if owner not in transformation.document.roots.values():
            wide = auth.service_directives(transformation, rules, with_default=True)
            transformation.add_directives(owner, wide)


def _write_owner_fields(transformation: Transformation, model: Model) -> None:
    """Undeclared owner fields are added to the type alone; conditions cannot test what rules look at."""
    _add_owner_fields(transformation, model.output, model.rules)
    condition = transformation.document.types.get(names.condition_input(model.name))
    for rule in model.rules:
        if condition and rule.field:
            condition.fields.pop(rule.field, None)


def _add_owner_fields(transformation: Transformation, owner: Type, rules: tuple[Rule, ...]) -> None:
    for rule in rules if transformation.flags.addmissingownerfields else ():
        if rule.is_owner:
            owner.fields.setdefault(rule.field, Field(rule.field, "String"))


def _write_operations(transformation: Transformation, model: Model) -> None:
    for kind, verb, field in models.operations(transformation, model):
        if kind == "subscription":
            if model.level == "on" and _is_heard(model, field.name):
                _write_subscription(transformation, model, field)
        else:
            auth.protect(transformation, field, for_operation(model.rules, "read" if verb == "sync" else verb))
    readers = for_operation(model.rules, "read")
    query = transformation.document.roots["query"]
    fields = transformation.document.types[query].fields if query in transformation.document.types else {}
    if model.search:
        auth.protect(transformation, fields[model.search], readers)
    for key in model.indexes if "list" in model.queries else ():
        if key.query:
            auth.protect(transformation, fields[key.query], readers, with_default=_lets_default_in(transformation))


def _is_heard(model: Model, name: str) -> bool:
    """A subscription that the schema names without its mutation has no resolver."""
    return any(
        name in chosen and EVENTS[event] in model.mutations for event, chosen in model.subscriptions.items()
    )


def _write_subscription(transformation: Transformation, model: Model, field: Field) -> None:
    """An owner argument, which the caller must give if nothing else could let him in."""
    rules = for_operation(model.rules, "read")
    auth.protect(transformation, field, rules)
    owners = [rule for rule in rules if rule.is_owner]
    if not owners or any(rule.strategy == "private" and rule.provider != "iam" for rule in rules):
        return
    others = any(not rule.is_owner and not rule.is_dynamic_group for rule in rules)
    mark = "" if others or len(owners) > 1 else "!"
    for rule in owners:
        field.arguments[rule.field] = Argument(rule.field, f"String{mark}")
        if rule.field == "owner":
            model.output.fields.setdefault("owner", Field("owner", "String"))


def _write_connections(transformation: Transformation, model: Model) -> None:
    """Fields of any type that hold the model let in whoever may read it."""
    directives = auth.service_directives(transformation, for_operation(model.rules, "read"))
    for other in transformation.models.values():
        for name, relation in other.relations.items():
            if relation.related == model.name:
                field = other.output.fields[name]
                field.directives.extend(directives)
                if not is_list(field.type):
                    transformation.add_directives(base(field.type), directives)


def _write_field(transformation: Transformation, model: Model, name: str, rules: tuple[Rule, ...]) -> None:
    """A field's rules let their modes in to the type, to the field and to the operations that may hold it."""
    open_type = not model.rules or any(rule.provider == transformation.providers[0] for rule in model.rules)
    wide = auth.service_directives(transformation, rules, with_default=open_type)
    model.output.directives.extend(wide)
    for verb in ("read", "create") if "create" in model.mutations else ("read",):
        own = auth.service_directives(transformation, for_operation(rules, verb))
        model.output.fields[name].directives.extend(own)
    for kind, verb, field in list(models.operations(transformation, model)):
        if kind != "subscription" and verb in (*_QUERIES, *_MUTATIONS):
            wider = verb not in ("update", "delete") and _has_default(transformation, model, verb)
            auth.protect(transformation, field, for_operation(rules, verb), with_default=wider)


def _has_default(transformation: Transformation, model: Model, verb: str) -> bool:
    default, rules = transformation.providers[0], for_operation(model.rules, verb)
    return any(rule.provider == default for rule in rules) if rules else _lets_default_in(transformation)


def _lets_default_in(transformation: Transformation) -> bool:
    """Whether Amplify adds the default mode where no rule says so: it does if the API has IAM."""
    return "iam" in transformation.providers
