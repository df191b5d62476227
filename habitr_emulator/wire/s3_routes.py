"""Finds the S3 operation of a request: by method, whether there is a key, sub-resources and the copy source.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
"""

from functools import cache
from typing import NamedTuple

from habitr_emulator.wire.http import Request
from habitr_emulator.wire.model import Operation, service

#: Old names of operations that share their request with a newer one, and what is not S3's own endpoint.
_LEFT_OUT = {
    "GetBucketLifecycle",
    "PutBucketLifecycle",
    "GetBucketNotification",
    "PutBucketNotification",
    "ListDirectoryBuckets",
    "WriteGetObjectResponse",
}
_COPIES = {"CopyObject", "UploadPartCopy"}
Scope = str  # "", "bucket" or "key"


class _Route(NamedTuple):
    needs: frozenset[str]
    copies: bool
    operation: Operation


def find(request: Request, *, bucket: bool, key: bool) -> Operation | str:
    """The operation, or if there is none the sub-resource that is not built ("" if the method fits nothing)."""
    scope = "key" if key else "bucket" if bucket else ""
    asked = _asked(request)
    copies = "x-amz-copy-source" in request.headers
    routes = _routes().get((request.method, scope), [])
    fitting = [route for route in routes if route.needs <= asked and (copies or not route.copies)]
    if not fitting:
        return next(iter(sorted(asked & _sub_resources())), "") if routes else ""
    best = max(fitting, key=lambda route: (route.copies, len(route.needs)))
    unused = (asked & _sub_resources()) - best.needs
    return min(unused) if unused else best.operation


def _asked(request: Request) -> frozenset[str]:
    """The query's names; ``list-type=2`` counts as one."""
    names = set()
    for name, value in request.query(plus=False):
        names.add(f"{name}={value}" if name in ("list-type", "select-type") else name)
    return frozenset(names)


@cache
def _routes() -> dict[tuple[str, Scope], list[_Route]]:
    found: dict[tuple[str, Scope], list[_Route]] = {}
    for operation in service("s3").operations.values():
        if operation.name in _LEFT_OUT:
            continue
        path, _, query = operation.http_uri.partition("?")
        scope = "key" if "{Key+}" in path else "bucket" if "{Bucket}" in path else ""
        needs = frozenset(query.split("&") if query else ()) | _required_queries(operation)
        found.setdefault((operation.http_method, scope), []).append(
            _Route(needs, operation.name in _COPIES, operation)
        )
    return found


def _required_queries(operation: Operation) -> frozenset[str]:
    shape = operation.input
    if shape is None:
        return frozenset()
    members = (shape.members[name] for name in shape.required)
    return frozenset(member.wire_name for member in members if member.location == "querystring")


@cache
def _sub_resources() -> frozenset[str]:
    """The query names that change what a request means: never to be ignored."""
    every = (route.needs for routes in _routes().values() for route in routes)
    flags = frozenset().union(*every) - {"partNumber", "id", "list-type=2", "select-type=2"}
    return flags | {"requestPayment", "torrent", "website"}
