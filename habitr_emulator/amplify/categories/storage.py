"""Buckets of the storage category: ``backend/storage/<resource>`` -> a bucket and the policies that Amplify gives
to roles.

https://docs.amplify.aws/gen1/javascript/build-a-backend/storage/
"""

from collections.abc import Iterator, Mapping
from typing import Any

from habitr_emulator.amplify.files import read_object
from habitr_emulator.amplify.listing import Resource
from habitr_emulator.amplify.place import Place
from habitr_emulator.amplify.reading import Reading
from habitr_emulator.amplify.shapes import items, mapping, text, texts
from habitr_emulator.kernel.errors import ProjectError
from habitr_emulator.services.s3.spec import Bucket

Policies = dict[str, dict[str, Any]]

_OWN = "${cognito-identity.amazonaws.com:sub}"
#: What the CLI calls an access, in ``cli-inputs.json`` and in the older files -> the action that it allows.
_ACTIONS = {
    "create_and_update": "s3:PutObject",
    "create/update": "s3:PutObject",
    "read": "s3:GetObject",
    "delete": "s3:DeleteObject",
}
#: The first CLI's letters.
_LETTERS = {
    "r": ("s3:GetObject",),
    "w": ("s3:PutObject",),
    "rw": ("s3:PutObject", "s3:GetObject", "s3:DeleteObject"),
}
_CORS = {
    "AllowedHeaders": ["*"],
    "AllowedMethods": ["GET", "HEAD", "PUT", "POST", "DELETE"],
    "AllowedOrigins": ["*"],
    "ExposeHeaders": ["x-amz-server-side-encryption", "x-amz-request-id", "x-amz-id-2", "ETag"],
    "MaxAgeSeconds": 3000,
    "ID": "S3CORSRuleId1",
}


def read(reading: Reading, resource: Resource) -> Bucket:
    """Read ``cli-inputs.json`` or ``parameters.json`` of an S3 resource, and grant its policies.

    Raises ProjectError.
    """
    given = _parameters(reading, resource)
    name = bucket_name(reading.place, resource, given)
    suffix = text(given.get("s3PublicPolicy")).rpartition("_")[2] or resource.name
    reading.grants.members(dict(_policies(name, given, "Authenticated", suffix)))
    reading.grants.guests(dict(_policies(name, given, "Guest", suffix)))
    for group, access in _groups(reading, resource, given).items():
        statements = list(_group_statements(name, texts(access)))
        if statements:
            reading.grants.group(group, {f"{group}-group-s3-policy": _document(statements)})
    if given.get("serviceType") == "imported" or resource.imported:
        reading.notes.add(
            str(resource), "is imported: an empty bucket of this name stands in, without its policies"
        )
    if (reading.folder(resource) / "override.ts").is_file():
        reading.notes.add(str(resource), "override.ts is not run")
    function = _trigger(reading, resource, given)
    events = ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"]
    told = {"Id": "amplify-trigger", "LambdaFunctionArn": function, "Events": events}
    return Bucket(name, (_CORS,), notifications=(told,) if function else ())


def _trigger(reading: Reading, resource: Resource, given: Mapping[str, Any]) -> str | None:
    """The ARN of the function that hears of the bucket's objects, if the project has it."""
    name = text(given.get("triggerFunction"))
    if name in ("", "NONE"):
        return None
    found = reading.output(f"function{name}Arn")
    if found is None:
        reading.notes.add(str(resource), f"its trigger is left out: there is no function/{name}")
    return None if found is None else text(found)


def outputs(reading: Reading, resource: Resource, name: str) -> Any:
    """What other stacks learn of a bucket; None if it has no output of that name."""
    bucket = bucket_name(reading.place, resource, _parameters(reading, resource))
    return {
        "BucketName": bucket,
        "Name": bucket,
        "Arn": f"arn:aws:s3:::{bucket}",
        "Region": reading.place.region,
    }.get(name)


def bucket_name(place: Place, resource: Resource, given: Mapping[str, Any]) -> str:
    """An imported bucket's own name, else the project's name for it with the environment."""
    name = text(given.get("bucketName"))
    if not name:
        raise ProjectError("bucketName is missing", file=str(place.folder / "storage" / resource.name))
    imported = resource.imported or given.get("serviceType") == "imported"
    return name if imported else f"{name}-{place.environment}".lower()


def _parameters(reading: Reading, resource: Resource) -> dict[str, Any]:
    folder = reading.folder(resource)
    inputs = read_object(folder / "cli-inputs.json")
    given = _from_inputs(inputs) if inputs else reading.parameters(resource)
    if not given:
        raise ProjectError("neither cli-inputs.json nor parameters.json is there", file=str(folder))
    return {**_from_letters(given), **given, **reading.place.parameters("storage", resource.name)}


def _from_inputs(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that Amplify's generator derives from ``cli-inputs.json``."""
    found = {
        "bucketName": inputs.get("bucketName"),
        "groupAccess": mapping(inputs.get("groupAccess")),
        "s3PublicPolicy": f"Public_policy_{text(inputs.get('policyUUID'))}",
        "triggerFunction": inputs.get("triggerFunction"),
    }
    for kind, key in (("Authenticated", "authAccess"), ("Guest", "guestAccess")):
        found |= _permissions(kind, _actions(texts(inputs.get(key))))
    return found


def _from_letters(given: Mapping[str, Any]) -> dict[str, Any]:
    """``authPermissions`` and ``unauthPermissions`` of 2018's CLI: ``r``, ``w`` or ``rw``."""
    found: dict[str, Any] = {}
    for kind, key in (("Authenticated", "authPermissions"), ("Guest", "unauthPermissions")):
        letters = text(given.get(key)).lower()
        if letters in _LETTERS:
            found |= _permissions(kind, list(_LETTERS[letters]))
    return found


def _permissions(kind: str, actions: list[str]) -> dict[str, str]:
    listed = ",".join(actions) or "DISALLOW"
    found = {f"s3Permissions{kind}{area}": listed for area in ("Public", "Protected", "Private")}
    found[f"s3Permissions{kind}Uploads"] = "s3:PutObject" if "s3:PutObject" in actions else "DISALLOW"
    found[f"{kind}AllowList"] = "ALLOW" if "s3:GetObject" in actions else "DISALLOW"
    return found


def _actions(access: list[str]) -> list[str]:
    return [_ACTIONS[item.lower()] for item in access if item.lower() in _ACTIONS]


def _groups(reading: Reading, resource: Resource, given: Mapping[str, Any]) -> dict[str, Any]:
    """Group to access: ``cli-inputs.json``, else the older ``storage-params.json``."""
    older = read_object(reading.folder(resource) / "storage-params.json")
    return mapping(given.get("groupAccess")) or mapping(older.get("groupPermissionMap"))


def _policies(
    bucket: str, given: Mapping[str, Any], kind: str, suffix: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    areas = {"Public": "public/*", "Uploads": "uploads/*"}
    if kind == "Authenticated":
        areas |= {"Protected": f"protected/{_OWN}/*", "Private": f"private/{_OWN}/*"}
    for area, prefix in areas.items():
        actions = [item for item in texts(given.get(f"s3Permissions{kind}{area}")) if item.startswith("s3:")]
        if actions:
            yield f"{area}_policy_{suffix}", _document([_allow(actions, f"arn:aws:s3:::{bucket}/{prefix}")])
    if given.get(f"{kind}AllowList") == "ALLOW":
        yield f"read_policy_{suffix}", _document(list(_read_statements(bucket, kind)))


def _read_statements(bucket: str, kind: str) -> Iterator[dict[str, Any]]:
    yield _allow(["s3:GetObject"], f"arn:aws:s3:::{bucket}/protected/*")
    prefixes = ["public/", "public/*", "protected/", "protected/*"]
    if kind == "Authenticated":
        prefixes += [f"private/{_OWN}/", f"private/{_OWN}/*"]
    listing = _allow(["s3:ListBucket"], f"arn:aws:s3:::{bucket}")
    yield {**listing, "Condition": {"StringLike": {"s3:prefix": prefixes}}}


def _group_statements(bucket: str, access: list[str]) -> Iterator[dict[str, Any]]:
    actions = _actions(access)
    if actions:
        yield _allow(actions, f"arn:aws:s3:::{bucket}/*")
    if "s3:GetObject" in actions:
        yield _allow(["s3:ListBucket"], f"arn:aws:s3:::{bucket}")


def _allow(actions: list[str], resource: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": [resource]}


def _document(statements: list[dict[str, Any]]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": items(statements)}
