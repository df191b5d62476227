"""Makes a project's resources, by each service's ``deploy.py``, in the order in which they name each other."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from importlib import import_module
from typing import Any

from habitr_emulator.amplify.backend import Backend
from habitr_emulator.amplify.notes import Note
from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.appsync.deploy import deploy_later
from habitr_emulator.services.context import Account, Caller, Context
from habitr_emulator.services.iam.spec import Role

_AMPLIFY = Caller("service", arn="amplify.amazonaws.com")


async def deploy(account: Account, backend: Backend) -> list[Note]:
    """Make everything, or bring it to what the project says. What AWS would refuse is told, and the rest runs."""
    notes: list[Note] = []
    make = partial(_make, lambda: account.context(_AMPLIFY), notes)
    for service, specs in (
        ("iam", backend.roles),
        ("lambda_", backend.functions),
        ("dynamodb", backend.tables),
        ("opensearch", backend.search_indexes),
        ("s3", backend.buckets),
        ("cognito_idp", backend.user_pools),
        ("cognito_identity", backend.identity_pools),
        ("apigateway", backend.rest_apis),
        ("pinpoint", backend.pinpoint_apps),
        ("lambda_", backend.event_sources),
    ):
        for spec in specs:
            await make(service, spec)
    for source in backend.api_sources:
        deploy_later(account.context(_AMPLIFY), source.api_id, partial(getattr, source, "graphql_api"))
    return notes


async def _make(context: Callable[[], Context], notes: list[Note], service: str, spec: Any) -> None:
    """Make one resource; of a role with a policy that is refused, the role and its other policies remain."""
    try:
        await import_module(f"habitr_emulator.services.{service}.deploy").deploy(context(), spec)
    except AwsError as error:
        if not isinstance(spec, Role) or not spec.policies:
            name = next(iter(vars(spec).values()))
            notes.append(Note(f"{type(spec).__name__} {name}", f"is not run: {error.code}: {error.message}"))
        elif len(spec.policies) == 1:
            await _make(context, notes, service, replace(spec, policies={}))
            policy = next(iter(spec.policies))
            notes.append(Note(f"Role {spec.role_name}", f"is without its policy {policy}: {error.message}"))
        else:
            for policy, document in spec.policies.items():
                await _make(context, notes, service, replace(spec, policies={policy: document}))
