"""The storage category: ``backend/storage/<resource>`` -> a bucket and the policies that Amplify gives to roles.

https://docs.amplify.aws/gen1/javascript/build-a-backend/storage/
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from habitr_emulator.amplify.files import read_json
from habitr_emulator.amplify.place import Place
from habitr_emulator.kernel.errors import ProjectError
from habitr_emulator.services.s3.spec import Bucket

Policies = dict[str, dict[str, Any]]

_OWN = "${cognito-identity.amazonaws.com:sub}"
_ACTIONS = {"CREATE_AND_UPDATE": "s3:PutObject", "READ": "s3:GetObject", "DELETE": "s3:DeleteObject"}
_CORS = {
    "AllowedHeaders": ["*"],
    "AllowedMethods": ["GET", "HEAD", "PUT", "POST", "DELETE"],
    "AllowedOrigins": ["*"],
    "ExposeHeaders": ["x-amz-server-side-encryption", "x-amz-request-id", "x-amz-id-2", "ETag"],
    "MaxAgeSeconds": 3000,
    "ID": "S3CORSRuleId1",
}


@dataclass(frozen=True, slots=True)
class Storage:
    """A bucket; the policies of signed-in users, guests and groups."""

    bucket: Bucket
    authenticated: Policies
    guests: Policies
    groups: Mapping[str, Policies] = field(default_factory=dict)


def read(place: Place, resource: str) -> Storage:
    """Read ``cli-inputs.json`` or ``parameters.json`` of an S3 resource. Raises ProjectError."""
    folder = place.folder / "storage" / resource
    inputs = read_json(folder / "cli-inputs.json")
    given = _from_inputs(inputs) if inputs else read_json(folder / "parameters.json")
    if given is None:
        raise ProjectError("neither cli-inputs.json nor parameters.json is there", file=str(folder))
    if "bucketName" not in given:
        raise ProjectError("bucketName is missing", file=str(folder))
    given = {**given, **place.parameters("storage", resource)}
    name = f"{given['bucketName']}-{place.environment}".lower()
    suffix = given.get("s3PublicPolicy", "").rpartition("_")[2] or resource
    groups = {
        group: {f"{group}-group-s3-policy": _document(list(_group_statements(name, crud)))}
        for group, crud in (given.get("groupAccess") or {}).items()
    }
    return Storage(
        Bucket(name, (_CORS,)),
        dict(_policies(name, given, "Authenticated", suffix)),
        dict(_policies(name, given, "Guest", suffix)),
        groups,
    )


def _from_inputs(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that Amplify's generator derives from ``cli-inputs.json``."""
    members = [_ACTIONS[item] for item in inputs.get("authAccess") or []]
    guests = [_ACTIONS[item] for item in inputs.get("guestAccess") or []]
    found = {
        "bucketName": inputs.get("bucketName"),
        "groupAccess": inputs.get("groupAccess") or {},
        "AuthenticatedAllowList": "ALLOW" if "s3:GetObject" in members else "DISALLOW",
        "GuestAllowList": "ALLOW" if "s3:GetObject" in guests else "DISALLOW",
        "s3PublicPolicy": f"Public_policy_{inputs.get('policyUUID', '')}",
    }
    for kind, actions in (("Authenticated", members), ("Guest", guests)):
        listed = ",".join(actions) or "DISALLOW"
        for area in ("Public", "Protected", "Private"):
            found[f"s3Permissions{kind}{area}"] = listed
        found[f"s3Permissions{kind}Uploads"] = "s3:PutObject" if "s3:PutObject" in actions else "DISALLOW"
    return found


def _policies(
    bucket: str, given: Mapping[str, Any], kind: str, suffix: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    areas = {"Public": "public/*", "Uploads": "uploads/*"}
    if kind == "Authenticated":
        areas |= {"Protected": f"protected/{_OWN}/*", "Private": f"private/{_OWN}/*"}
    for area, prefix in areas.items():
        actions = given.get(f"s3Permissions{kind}{area}") or "DISALLOW"
        if actions != "DISALLOW":
            allowed = _allow(actions.split(","), f"arn:aws:s3:::{bucket}/{prefix}")
            yield f"{area}_policy_{suffix}", _document([allowed])
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
    yield _allow([_ACTIONS[item] for item in access], f"arn:aws:s3:::{bucket}/*")
    if "READ" in access:
        yield _allow(["s3:ListBucket"], f"arn:aws:s3:::{bucket}")


def _allow(actions: list[str], resource: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": [resource]}


def _document(statements: list[dict[str, Any]]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": statements}
