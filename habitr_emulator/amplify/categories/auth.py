"""The auth category: ``backend/auth/<resource>`` -> a user pool, an identity pool and their roles.

https://docs.amplify.aws/gen1/javascript/build-a-backend/auth/
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from habitr_emulator.amplify.categories import identity, triggers, user_pool
from habitr_emulator.amplify.files import read_json, read_object
from habitr_emulator.amplify.listing import Resource
from habitr_emulator.amplify.place import Place
from habitr_emulator.amplify.reading import Reading
from habitr_emulator.amplify.shapes import items, mapping, number, text, texts
from habitr_emulator.amplify.stack import Stack
from habitr_emulator.kernel.errors import ProjectError
from habitr_emulator.services.cognito_identity.spec import IdentityPool
from habitr_emulator.services.cognito_idp.spec import UserPool
from habitr_emulator.services.iam.spec import Role

GROUPS = "Cognito-UserPool-Groups"


@dataclass(frozen=True, slots=True)
class Auth:
    """What one auth resource makes; ``config`` are its ids for clients."""

    user_pool: UserPool
    identity_pool: IdentityPool | None
    roles: tuple[Role, ...]
    config: Mapping[str, str] = field(default_factory=dict)


def read(reading: Reading, resource: Resource) -> Auth:
    """Read ``cli-inputs.json`` (or ``parameters.json``) of an auth resource. Raises ProjectError."""
    given = parameters(reading, resource)
    place = reading.place
    groups = list(_groups(reading, given))
    settings = user_pool.settings(place, resource.name, given)
    settings["LambdaConfig"] = triggers.read(reading, resource, given)
    settings["Schema"] += _written_by_hand(reading, resource, {each["Name"] for each in settings["Schema"]})
    pool = UserPool(
        pool_id(place, resource, given),
        settings,
        tuple(user_pool.clients(place, resource.name, given)),
        tuple({**group, "RoleArn": _role_arn(reading, group["GroupName"])} for group, _ in groups),
        tuple(user_pool.providers(place, resource.name, given)),
        domain=user_pool.domain(place, given),
        factors=user_pool.factors(given),
    )
    _note_unusual(reading, resource, given)
    found, roles = identity.read(place, resource.name, given, pool)
    for group, policies in groups:
        name = reading.grants.group_role(group["GroupName"])
        roles = (*roles, identity.group_role(found.identity_pool_id if found else "", name))
        reading.grants.add(name, policies)
    return Auth(pool, found, roles, _config(pool, found))


def _written_by_hand(reading: Reading, resource: Resource, known: set[str]) -> list[dict[str, Any]]:
    """Attributes of the project's own that people wrote into the template, where an older CLI kept it."""
    found: list[dict[str, Any]] = []
    with reading.notes.instead(str(resource), "its template is ignored"):
        stack = Stack.find(reading, resource, reading.parameters(resource))
        pools = stack.template.resources("AWS::Cognito::UserPool") if stack else ()
        for _, _, given in pools:
            found += [each for each in map(mapping, items(given.get("Schema"))) if user_pool.own(each)]
    return [each for each in found if each["Name"] not in known]


def outputs(reading: Reading, resource: Resource, name: str) -> Any:
    """What other stacks learn of an auth resource; None if it has no output of that name."""
    place = reading.place
    given = parameters(reading, resource)
    pool = pool_id(place, resource, given)
    return {
        "UserPoolId": pool,
        "UserPoolArn": place.arn("cognito-idp", f"userpool/{pool}"),
        "UserPoolName": f"{text(given.get('userPoolName'), resource.name)}-{place.environment}",
        "AppClientID": user_pool.client_id(place, resource.name, given, "app_client"),
        "AppClientIDWeb": user_pool.client_id(place, resource.name, given, "app_clientWeb"),
        "AppClientSecret": place.client_id(resource.name, "app_client-secret"),
        "IdentityPoolId": identity.pool_id(place, resource.name, given),
        "IdentityPoolName": text(given.get("identityPoolName"), resource.name),
        "HostedUIDomain": user_pool.domain(place, given) or "",
    }.get(name)


def group_outputs(reading: Reading, name: str) -> Any:
    """``AdminsGroupRole`` is the ARN of the role of the group Admins."""
    return _role_arn(reading, name.removesuffix("GroupRole")) if name.endswith("GroupRole") else None


def parameters(reading: Reading, resource: Resource) -> dict[str, Any]:
    """The settings of an auth resource, of whatever CLI version. Raises ProjectError if there are none."""
    folder = reading.folder(resource)
    inputs = mapping(read_object(folder / "cli-inputs.json").get("cognitoConfig"))
    given = inputs or reading.parameters(resource)
    if not given and not (folder / "parameters.json").is_file():
        raise ProjectError("neither cli-inputs.json nor parameters.json is there", file=str(folder))
    return {**given, **reading.place.parameters("auth", resource.name)}


def pool_id(place: Place, resource: Resource, given: Mapping[str, Any]) -> str:
    """An imported pool's own id, else one that follows from the names."""
    return text(given.get("userPoolId")) or place.user_pool_id(resource.name)


def _role_arn(reading: Reading, group: str) -> str:
    return reading.place.arn("iam", f"role/{reading.grants.group_role(group)}", region=False)


def _groups(reading: Reading, given: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Every group as CreateGroup takes it, and the policies of its role."""
    file = reading.place.folder / "auth" / "userPoolGroups" / "user-pool-group-precedence.json"
    names = [{"groupName": name} for name in texts(given.get("userPoolGroupList"))]
    seen: set[str] = set()
    for place, group in enumerate(map(mapping, items(read_json(file) or names)), 1):
        name = text(group.get("groupName"))
        if name and name not in seen:
            seen.add(name)
            policies = (mapping(each) for each in items(group.get("customPolicies")))
            named = {
                text(each.get("PolicyName"), "custom"): mapping(each.get("PolicyDocument")) for each in policies
            }
            yield {"GroupName": name, "Precedence": number(group.get("precedence"), place)}, named


def _config(pool: UserPool, found: IdentityPool | None) -> dict[str, str]:
    mobile, web, script, short = (client.client_id for client in pool.clients)
    config = {
        "user_pool_id": pool.user_pool_id,
        "app_client_id": mobile,
        "web_client_id": web,
        "script_client_id": script,
        "short_lived_client_id": short,
    }
    if found is not None:
        config["identity_pool_id"] = found.identity_pool_id
    if pool.domain:
        config["hosted_ui_domain"] = pool.domain
    return config


def _note_unusual(reading: Reading, resource: Resource, given: Mapping[str, Any]) -> None:
    """What of an auth resource is not as on AWS."""
    if resource.imported or given.get("serviceType") == "imported":
        reading.notes.add(str(resource), "is imported: a pool with these ids and default settings stands in")
    if (reading.folder(resource) / "override.ts").is_file():
        reading.notes.add(str(resource), "override.ts is not run")
