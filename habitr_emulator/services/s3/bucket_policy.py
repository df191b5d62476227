"""Bucket policies: what S3 checks before it keeps one.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html
"""

import json
from collections.abc import Mapping
from typing import Any

from habitr_emulator.services.s3 import buckets
from habitr_emulator.services.s3.errors import MalformedPolicy

MOST_BYTES = 20 * 1024
_ELEMENTS = {
    "Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition",
}  # fmt: skip
_PRINCIPALS = {"AWS", "Service", "Federated", "CanonicalUser"}


def read(text: str, bucket: str) -> dict[str, Any]:
    """The policy document in ``text`` for ``bucket``; raises MalformedPolicy."""
    if len(text.encode()) > MOST_BYTES:
        raise MalformedPolicy("Policy exceeds the maximum allowed document size.")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise MalformedPolicy
    if document.get("Version", "2008-10-17") not in ("2012-10-17", "2008-10-17"):
        raise MalformedPolicy("The policy must contain a valid version string")
    if set(document) - {"Version", "Id", "Statement"} or not document.get("Statement"):
        raise MalformedPolicy("Missing required field Statement")
    statements = document["Statement"] if isinstance(document["Statement"], list) else [document["Statement"]]
    for statement in statements:
        _check(statement, bucket)
    return document


def _check(statement: Any, bucket: str) -> None:
    if not isinstance(statement, Mapping) or set(statement) - _ELEMENTS:
        raise MalformedPolicy("Unknown field in policy statement")
    if statement.get("Effect") not in ("Allow", "Deny"):
        raise MalformedPolicy(f"Invalid effect: {statement.get('Effect')}")
    for name in ("Principal", "Action", "Resource"):
        if (name in statement) == (f"Not{name}" in statement):
            raise MalformedPolicy(f"Missing required field {name}")
    _check_principal(statement.get("Principal", statement.get("NotPrincipal")))
    if not all(action == "*" or action.lower().startswith("s3:") for action in _texts(statement, "Action")):
        raise MalformedPolicy("Policy has invalid action")
    own = buckets.arn(bucket)
    for resource in _texts(statement, "Resource"):
        if (
            resource != own
            and not resource.startswith((f"{own}/", f"{own}*", "arn:aws:s3:::*"))
            and resource != "*"
        ):
            raise MalformedPolicy("Policy has invalid resource")
    if not isinstance(statement.get("Condition", {}), Mapping):
        raise MalformedPolicy("Policy has an invalid condition")


def _check_principal(principal: Any) -> None:
    named = isinstance(principal, Mapping) and principal and not set(principal) - _PRINCIPALS
    if principal != "*" and not named:
        raise MalformedPolicy("Invalid principal in policy")


def _texts(statement: Mapping[str, Any], name: str) -> list[str]:
    element = statement.get(name, statement.get(f"Not{name}"))
    listed = element if isinstance(element, list) else [element]
    if not listed or not all(isinstance(text, str) for text in listed):
        raise MalformedPolicy(f"Policy has invalid {name.lower()}")
    return listed
