"""Operations, found by file name: ``services/<service>/operations/<snake_case_name>.py``.

A file holds one public function of its own name, marked with ``@operation``. The folder is listed once; a
module is imported when its operation is first called, so that start-up pays for none.
"""

import pkgutil
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from habitr_emulator.kernel.errors import NotBuilt
from habitr_emulator.services.context import Context

Input = dict[str, Any]
Output = dict[str, Any]
Function = Callable[[Input, Context], Awaitable[Output]]
Action = str | Callable[[Input, Context], str]
Resources = Callable[[Input, Context], str | Sequence[str]]
Conditions = Callable[[Input, Context], Mapping[str, str | Sequence[str]]]
ResourcePolicy = Callable[[Input, Context], Mapping[str, Any] | None]


class Auth(Enum):
    """What a caller must bring."""

    PUBLIC = "nothing; a signature, if there is one, is not asked for"
    TOKEN = "an access token in the body, which the operation checks itself"  # noqa: S105 - a description
    SIGNED = "a signature of a principal whose policies allow the action"
    POLICY = "a signature or nothing: identity and resource policies decide (S3)"


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation function and who may call it."""

    function: Function
    auth: Auth
    action: Action
    resources: Resources | None
    conditions: Conditions | None
    resource_policy: ResourcePolicy | None


def operation(
    *,
    auth: Auth = Auth.SIGNED,
    action: Action = "",
    resources: Resources | None = None,
    conditions: Conditions | None = None,
    resource_policy: ResourcePolicy | None = None,
) -> Callable[[Function], Operation]:
    """Mark the function of an operation file.

    ``action`` is the IAM action (``dynamodb:GetItem``) or finds it for a request, ``resources`` gives the ARN or
    ARNs of a request (default ``*``), ``conditions`` the condition keys that the request brings,
    ``resource_policy`` the policy document of the resource, if it has one.
    """

    def mark(function: Function) -> Operation:
        return Operation(function, auth, action, resources, conditions, resource_policy)

    return mark


@cache
def operation_files(service: str) -> frozenset[str]:
    """The snake-case names of the operations that a service has (``sign_up``)."""
    folder = Path(__file__).parent / service / "operations"
    return frozenset(module.name for module in pkgutil.iter_modules([str(folder)]))


@cache
def find(service: str, name: str) -> Operation:
    """The operation of a file; raises NotBuilt, naming the file to add, if there is none."""
    if name not in operation_files(service):
        path = f"habitr_emulator/services/{service}/operations/{name}.py"
        raise NotBuilt(
            f"The operation {name} of {service} is not built in habitr-emulator.",
            why=f"not built: to add it, create {path}",
        )
    found = getattr(import_module(f"habitr_emulator.services.{service}.operations.{name}"), name)
    if not isinstance(found, Operation):
        raise TypeError(f"{service}/operations/{name}.py: {name} is not marked with @operation")
    return found


class Registry:
    """Calls operations: authorizes, runs, and returns the output."""

    async def call(self, service: str, name: str, request: Input, context: Context) -> Output:
        """Call ``service``'s operation ``name`` (both snake case) as ``context.caller``.

        Raises AwsError: NotBuilt, what the authorizer raises, or what the operation raises.
        """
        found = find(service, name)
        authorize(found, request, context)
        if context.account.faults.rules:
            await context.account.faults.strike(service, [name], ["latency", "error"])
        return await found.function(request, context)


def authorize(found: Operation, request: Input, context: Context) -> None:
    """Refuse a caller whose policies do not allow ``found`` for every resource of ``request``.

    Services are bound by none, and the administrator by the resource's own only, so nothing else is looked up for
    them.
    """
    if found.auth in (Auth.PUBLIC, Auth.TOKEN) or context.caller.kind == "service":
        return
    policy = found.resource_policy(request, context) if found.resource_policy else None
    if context.caller.root and policy is None:
        return
    if not found.action:
        if context.caller.kind != "signed":
            context.authorize("", "*")
        return
    action = found.action if isinstance(found.action, str) else found.action(request, context)
    resources = found.resources(request, context) if found.resources else "*"
    conditions = found.conditions(request, context) if found.conditions else {}
    for resource in (resources,) if isinstance(resources, str) else resources:
        context.authorize(action, resource, conditions, policy)
