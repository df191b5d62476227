"""Taking a role: who may, and the session that comes of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import credentials, documents, managed_policies, policies
from habitr_emulator.services.iam.errors import MalformedPolicyDocument, NoSuchEntity
from habitr_emulator.services.sts.errors import ValidationError

Conditions = Mapping[str, str | Sequence[str]]
DEFAULT_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Role:
    """A role that somebody wants to take."""

    arn: str
    name: str
    id: str
    trust_policy: Mapping[str, Any]
    max_session_duration: int

    def session_arn(self, ctx: Context, session_name: str) -> str:
        """The ARN of a session of this role."""
        return ctx.account.arn("sts", f"assumed-role/{self.name}/{session_name}", region=False)


def find(ctx: Context, arn: str) -> Role | None:
    """The role of an ARN, None if there is none."""
    resource = arn.rpartition(":role")[2]
    row = ctx.store.one("SELECT * FROM iam_roles WHERE name = ?", (resource.rpartition("/")[2],))
    if row is None or arn != ctx.account.arn("iam", f"role{row['path']}{row['name']}", region=False):
        return None
    trust = orjson.loads(row["trust_policy"])
    return Role(arn, row["name"], row["id"], trust, row["max_session_duration"])


def assume(ctx: Context, role: Role, request: Mapping[str, Any], conditions: Conditions) -> dict[str, Any]:
    """Credentials and AssumedRoleUser of a session that the caller was found to be allowed.

    ``request`` has RoleSessionName and perhaps DurationSeconds, Policy and PolicyArns. Raises ValidationError,
    MalformedPolicyDocument, PackedPolicyTooLarge.
    """
    session_name = request["RoleSessionName"]
    seconds = request.get("DurationSeconds") or DEFAULT_SECONDS
    if seconds > role.max_session_duration:
        raise ValidationError("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
    issued = credentials.issue(
        ctx.account,
        role_arn=role.arn,
        session_name=session_name,
        duration=seconds,
        conditions=conditions,
        session_policies=_session_policies(ctx, request),
        role_id=role.id,
    )
    return {
        "Credentials": issued,
        "AssumedRoleUser": {
            "AssumedRoleId": f"{role.id}:{session_name}",
            "Arn": role.session_arn(ctx, session_name),
        },
    }


def trusts(role: Role, action: str, principal: policies.Principal, conditions: Conditions) -> policies.Decision:
    """What the trust policy alone says."""
    request = policies.AccessRequest(action, "", conditions, principal)
    return policies.evaluate(request, (), (), role.trust_policy, resource_kind="trust")


def _session_policies(ctx: Context, request: Mapping[str, Any]) -> list[Mapping[str, Any] | str]:
    """The document of the request and the ARNs of managed policies, whose documents are those of each moment."""
    named: list[Mapping[str, Any] | str] = []
    for entry in request.get("PolicyArns") or ():
        try:
            named.append(str(managed_policies.require(ctx, entry.get("arn", ""))["arn"]))
        except NoSuchEntity as missing:
            raise MalformedPolicyDocument(missing.message, why="a session policy must exist") from None
    if request.get("Policy"):
        named.append(documents.read(request["Policy"], "identity"))
    return named
