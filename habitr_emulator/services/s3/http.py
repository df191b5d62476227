"""PostObject: a browser's upload form, the one thing of S3 that has no service model.

https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import authorize, find
from habitr_emulator.services.s3 import post_policy, storing
from habitr_emulator.services.s3.errors import EntityTooLarge, EntityTooSmall, InvalidArgument, MalformedXML
from habitr_emulator.services.s3.post_policy import Bounds
from habitr_emulator.wire.hosts import meaning_of
from habitr_emulator.wire.http import Request, Response
from habitr_emulator.wire.model import UnparsableInput
from habitr_emulator.wire.multipart_form import Form
from habitr_emulator.wire.rest_xml import identification
from habitr_emulator.wire.timestamps import parse_timestamp
from habitr_emulator.wire.xml_text import DECLARATION, element, escaped, parse

_METADATA = "x-amz-meta-"
_CHECKSUM = "x-amz-checksum-"
#: Form fields and the members of PutObject that they stand for.
_MEMBERS = {
    "acl": "ACL",
    "cache-control": "CacheControl",
    "content-disposition": "ContentDisposition",
    "content-encoding": "ContentEncoding",
    "content-md5": "ContentMD5",
    "content-type": "ContentType",
    "x-amz-server-side-encryption": "ServerSideEncryption",
    "x-amz-server-side-encryption-aws-kms-key-id": "SSEKMSKeyId",
    "x-amz-server-side-encryption-customer-algorithm": "SSECustomerAlgorithm",
    "x-amz-server-side-encryption-customer-key": "SSECustomerKey",
    "x-amz-server-side-encryption-customer-key-md5": "SSECustomerKeyMD5",
    "x-amz-storage-class": "StorageClass",
    "x-amz-website-redirect-location": "WebsiteRedirectLocation",
    "x-amz-checksum-algorithm": "ChecksumAlgorithm",
}


@dataclass(frozen=True, slots=True)
class Upload:
    """A form for a bucket, its file still coming; ``request`` tells how the bucket was addressed."""

    bucket: str
    form: Form
    request: Request


async def handle(upload: Upload, context: Context) -> Response:
    """Store the file as PutObject would, if the form's policy and the caller's own allow it; raises AwsError."""
    fields = _expanded(upload.form)
    bounds = _judged(upload, fields, context)
    _bring_checksums(fields, context)
    put = _members(fields) | {
        "Bucket": upload.bucket,
        "Key": fields["key"],
        "Body": _within(upload.form.file, bounds),
    }
    authorize(find("s3", "put_object"), put, context)
    stored = await storing.store(context, put, "ObjectCreated:Post")
    return _answer(upload, fields, stored, context)


def _expanded(form: Form) -> dict[str, str]:
    """The fields, the file's name in place of ``${filename}``; raises InvalidArgument without a key."""
    fixed = ("policy", "signature", "x-amz-signature")
    fields = {
        name: value if name in fixed else value.replace("${filename}", form.filename)
        for name, value in form.fields.items()
    }
    if "key" not in fields:
        raise _missing("key")
    if not fields["key"]:
        raise InvalidArgument("User key must have a length greater than 0.", ArgumentName="key", ArgumentValue="")
    return fields


def _judged(upload: Upload, fields: Mapping[str, str], context: Context) -> Bounds:
    """What the policy says of the file's size; anonymous forms need no policy, signed ones do."""
    policy = fields.get("policy")
    if policy is None:
        if context.caller.kind == "signed":
            raise _missing("policy")
        return Bounds()
    if context.caller.kind != "signed":
        raise _missing("x-amz-signature")
    return post_policy.check(post_policy.read(policy), {**fields, "bucket": upload.bucket}, context.clock.real())


def _missing(name: str) -> InvalidArgument:
    return InvalidArgument(
        f"Bucket POST must contain a field named '{name}'.  If it is specified, please check the order of the "
        "fields.",
        ArgumentName=name,
        ArgumentValue="",
    )


def _members(fields: Mapping[str, str]) -> dict[str, Any]:
    """The fields as PutObject's input."""
    members: dict[str, Any] = {member: fields[name] for name, member in _MEMBERS.items() if name in fields}
    members["Metadata"] = {
        name.removeprefix(_METADATA): value for name, value in fields.items() if name.startswith(_METADATA)
    }
    for name in _checksums(fields):
        members[f"Checksum{name.removeprefix(_CHECKSUM).upper()}"] = fields[name]
    if fields.get("expires"):
        members["Expires"] = _date(fields["expires"])
    if fields.get("tagging"):
        members["Tagging"] = _tagging(fields["tagging"])
    return members


def _date(text: str) -> float:
    try:
        return parse_timestamp(text)
    except UnparsableInput:
        raise InvalidArgument(ArgumentName="Expires", ArgumentValue=text[:64]) from None


def _checksums(fields: Mapping[str, str]) -> list[str]:
    return [name for name in fields if name.startswith(_CHECKSUM) and name != "x-amz-checksum-algorithm"]


def _bring_checksums(fields: Mapping[str, str], context: Context) -> None:
    """Checksum fields count as headers, to which bodies are held."""
    context.headers = {**context.headers, **{name: fields[name] for name in _checksums(fields)}}


def _tagging(xml: str) -> str:
    """The form's ``<Tagging>`` document as the header that PutObject takes."""
    try:
        root = parse(xml.encode("utf-8", "replace"))
    except UnparsableInput:
        raise MalformedXML from None
    pairs = []
    for tag in (tag for tags in root.all("TagSet") for tag in tags.all("Tag")):
        named = {child.name: child.text for child in tag.children}
        pairs.append((named.get("Key", ""), named.get("Value", "")))
    if root.name != "Tagging":
        raise MalformedXML
    return urlencode(pairs)


async def _within(file: AsyncIterator[bytes], bounds: Bounds) -> AsyncIterator[bytes]:
    """The file; reading stops where it is too large."""
    size = 0
    async for piece in file:
        size += len(piece)
        if size > bounds.most:
            raise EntityTooLarge(ProposedSize=size, MaxSizeAllowed=bounds.most)
        yield piece
    if size < bounds.least:
        raise EntityTooSmall(ProposedSize=size, MinSizeAllowed=bounds.least)


def _answer(upload: Upload, fields: Mapping[str, str], stored: Mapping[str, Any], context: Context) -> Response:
    etag = stored["ETag"]
    key, request = fields["key"], upload.request
    host = meaning_of(request.host)
    path = quote(key if host.name == "s3" and host.part else f"{upload.bucket}/{key}", safe="/~")
    location = f"{request.scheme}://{request.host}/{path}"
    headers = identification(context.request_id) | {"ETag": etag, "Location": location}
    if "VersionId" in stored:
        headers["x-amz-version-id"] = stored["VersionId"]
    target = _redirect(fields, {"bucket": upload.bucket, "key": key, "etag": etag})
    if target:
        return Response(303, headers | {"Location": target})
    status = fields.get("success_action_status", "")
    if status != "201":
        return Response(200 if status == "200" else 204, headers)
    shown = {"Location": location, "Bucket": upload.bucket, "Key": key, "ETag": etag}
    inner = "".join(element(name, escaped(text)) for name, text in shown.items())
    body = f"{DECLARATION}{element('PostResponse', inner)}".encode("utf-8", "replace")
    return Response(201, headers | {"Content-Type": "application/xml"}, body)


def _redirect(fields: Mapping[str, str], shown: Mapping[str, str]) -> str:
    """Where the browser is sent, "" for nowhere; what is no web address counts as not given."""
    wanted = fields.get("success_action_redirect") or fields.get("redirect") or ""
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return ""
    if (
        parts.scheme not in ("http", "https")
        or not parts.netloc
        or not wanted.isascii()
        or not wanted.isprintable()
    ):
        return ""
    added = urlencode(shown, quote_via=quote, safe="")
    return urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, added)))))
