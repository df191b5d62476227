"""The custom category: CloudFormation templates of the project's own -> what of them is known here.

https://docs.amplify.aws/gen1/javascript/tools/cli/custom/
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from habitr_emulator.amplify.categories import role, table
from habitr_emulator.amplify.listing import Resource
from habitr_emulator.amplify.reading import Reading
from habitr_emulator.amplify.stack import QUIET, Stack
from habitr_emulator.kernel.errors import ProjectError
from habitr_emulator.services.dynamodb.spec import Table
from habitr_emulator.services.iam.spec import Role
from habitr_emulator.services.s3.spec import Bucket

_BUCKET = "AWS::S3::Bucket"


@dataclass(slots=True)
class Custom:
    """What a template brings."""

    tables: list[Table] = field(default_factory=list)
    buckets: list[Bucket] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)


def stack(reading: Reading, resource: Resource) -> Stack:
    """The template of a custom resource. Raises ProjectError if there is none (CDK is not run)."""
    found = Stack.find(reading, resource, reading.parameters(resource))
    if found is None:
        why = "CDK code is not run" if resource.service == "customCDK" else "there is no CloudFormation template"
        raise ProjectError(why, file=str(reading.folder(resource)))
    return found


def outputs(reading: Reading, resource: Resource, name: str) -> Any:
    """An output of a custom stack."""
    return stack(reading, resource).output(name)


def read(reading: Reading, resource: Resource) -> Custom:
    """Read the template of a custom resource; what is not known here is noted. Raises ProjectError."""
    return of_stack(reading, stack(reading, resource))


def of_stack(reading: Reading, found: Stack) -> Custom:
    """What a template brings; what is not known here is noted."""
    made = Custom(list(table.of_stack(found)), list(_buckets(found)), list(role.of_stack(reading, found)))
    for logical_id, kind, _ in found.template.resources():
        if kind not in (*QUIET, table.TYPE, _BUCKET) and not kind.startswith(("Custom::", "AWS::AppSync::")):
            reading.notes.add(str(found.resource), f"{logical_id} is not run: {kind or 'a resource without Type'}")
    return made


def _buckets(found: Stack) -> Iterator[Bucket]:
    for logical_id, _, given in found.template.resources(_BUCKET):
        rules = (given.get("CorsConfiguration") or {}).get("CorsRules") or []
        names = ("AllowedHeaders", "AllowedMethods", "AllowedOrigins", "ExposedHeaders", "MaxAge")
        wire = {"ExposedHeaders": "ExposeHeaders", "MaxAge": "MaxAgeSeconds"}
        cors = tuple({wire.get(name, name): rule[name] for name in names if name in rule} for rule in rules)
        yield Bucket(found.named(logical_id).lower(), cors)
