"""Finds the signature in a request: Authorization header, query string, or none; AWS's version 4, and 2 for S3."""

import re
from dataclasses import dataclass
from typing import Literal, NamedTuple

from habitr_emulator.wire.http import Request
from habitr_emulator.wire.refusals import Refusal

ALGORITHM = "AWS4-HMAC-SHA256"
QUERY_PARAMETERS = (
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-SignedHeaders",
    "X-Amz-Signature",
)
_FIELD = re.compile(r"\s*(Credential|SignedHeaders|Signature)=([^,]*?)\s*(?:,|$)")
_EXPECTED = 'expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request"'


class Scope(NamedTuple):
    """The credential scope: what the signing key is good for."""

    day: str = ""
    region: str = ""
    service: str = ""
    terminal: str = ""

    def __str__(self) -> str:
        return "/".join(self)


_NO_SCOPE = Scope()


@dataclass(frozen=True, slots=True)
class Signature:
    """What a request presents, read but not yet believed.

    ``timestamp`` is the date as sent (``20261121T190203Z``, or a ``Date`` header), "" if there is none.
    ``expires`` is a presigned URL's life in seconds, or with SigV2 the time it ends. ``token`` is the session
    token, ``s3`` says by whose rules it was made.
    """

    kind: Literal["header", "query", "form", "v2-header", "v2-query", "v2-form"]
    access_key: str
    signature: str
    s3: bool = False
    timestamp: str = ""
    scope: Scope = _NO_SCOPE
    signed_headers: tuple[str, ...] = ()
    token: str = ""
    expires: str = ""


def presented(request: Request, *, s3: bool) -> Signature | None:
    """The signature that a request presents; None if it presents none (of AWS's). Raises Refusal if malformed."""
    authorization = request.headers.get("authorization")
    query: dict[str, str] = {}
    if any(mark in request.raw_query for mark in ("X-Amz-", "Signature=", "AWSAccessKeyId=")):
        query = dict(request.query(plus=False))
    in_query = "X-Amz-Algorithm" in query or "X-Amz-Signature" in query
    old_in_query = s3 and "AWSAccessKeyId" in query and "Signature" in query
    if s3 and authorization and (in_query or old_in_query):
        raise _only_one(authorization)
    if authorization.startswith("AWS4-"):
        return _of_header(request, authorization, s3)
    if s3 and authorization:
        return _old_header(request, authorization)
    if in_query:
        return _of_query(query, s3)
    return _old_query(query) if old_in_query else None


def _only_one(authorization: str) -> Refusal:
    return Refusal(
        "malformed",
        "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string "
        "parameter or the Authorization header should be specified",
        code="InvalidArgument",
        ArgumentName="Authorization",
        ArgumentValue=authorization.partition(",")[0],
    )


def _of_header(request: Request, authorization: str, s3: bool) -> Signature:
    algorithm, _, rest = authorization.partition(" ")
    if algorithm != ALGORITHM:
        raise Refusal("malformed", f"The authorization header is malformed; only {ALGORITHM} is supported.")
    fields = dict(_FIELD.findall(rest))
    missing = [name for name in ("Credential", "SignedHeaders", "Signature") if not fields.get(name)]
    if missing:
        raise Refusal("malformed", _missing(missing, s3), why=f"the Authorization header lacks {missing[0]}")
    date = request.headers.get("x-amz-date") or request.headers.get("date")
    access_key, scope = _credential(fields["Credential"], "malformed", s3)
    return Signature(
        "header",
        access_key,
        fields["Signature"],
        s3,
        date,
        scope,
        signed_headers=tuple(fields["SignedHeaders"].lower().split(";")),
        token=request.headers.get("x-amz-security-token"),
    )


def _missing(names: list[str], s3: bool) -> str:
    if not s3:
        return " ".join(f"Authorization header requires '{name}' parameter." for name in names)
    if len(names) > 1:
        names = ["the authorization header requires three components: Credential, SignedHeaders, and Signature"]
        return f"The authorization header is malformed; {names[0]}."
    return f"The authorization header is malformed; missing {names[0]}."


def _credential(text: str, kind: Literal["malformed", "malformed_query"], s3: bool) -> tuple[str, Scope]:
    """Access key and scope; the access key may hold slashes."""
    pieces = text.strip().rsplit("/", 4)
    if len(pieces) != 5 or not all(pieces[index] for index in (0, 1, 3, 4)):
        where = (
            "The authorization header is malformed"
            if kind == "malformed"
            else "Error parsing the X-Amz-Credential"
        )
        said = f"{where}; the Credential is mal-formed; {_EXPECTED}."
        raise Refusal(
            kind, said if s3 else f"Credential must have exactly 5 slash-delimited elements, {_EXPECTED}."
        )
    return pieces[0], Scope(*pieces[1:])


def _of_query(query: dict[str, str], s3: bool) -> Signature:
    needed = QUERY_PARAMETERS if s3 else tuple(name for name in QUERY_PARAMETERS if name != "X-Amz-Expires")
    if not all(query.get(name) for name in needed):
        text = f"Query-string authentication version 4 requires the {', '.join(needed)} parameters."
        raise Refusal("malformed_query", text.replace(", X-Amz-Signature p", ", and X-Amz-Signature p"))
    if query["X-Amz-Algorithm"] != ALGORITHM:
        raise Refusal("malformed_query", f'X-Amz-Algorithm only supports "{ALGORITHM}"')
    access_key, scope = _credential(query["X-Amz-Credential"], "malformed_query", s3)
    return Signature(
        "query",
        access_key,
        query["X-Amz-Signature"],
        s3,
        query["X-Amz-Date"],
        scope,
        signed_headers=tuple(query["X-Amz-SignedHeaders"].lower().split(";")),
        token=query.get("X-Amz-Security-Token", ""),
        expires=query.get("X-Amz-Expires", ""),
    )


def _old_header(request: Request, authorization: str) -> Signature:
    scheme, space, rest = authorization.partition(" ")
    key, colon, signature = rest.strip().rpartition(":")
    if scheme != "AWS" or not space or not colon or not key:
        text = "Unsupported Authorization Type"
        shown = {"ArgumentName": "Authorization", "ArgumentValue": scheme[:64]}
        raise Refusal("malformed", text, code="InvalidArgument", why=f"S3 takes {ALGORITHM} signatures", **shown)
    date = request.headers.get("x-amz-date") or request.headers.get("date")
    token = request.headers.get("x-amz-security-token")
    return Signature("v2-header", key, signature, s3=True, timestamp=date, token=token)


def _old_query(query: dict[str, str]) -> Signature:
    if not query.get("Expires"):
        text = "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters"
        raise Refusal("malformed_query", text, code="AccessDenied")
    return Signature(
        "v2-query",
        query["AWSAccessKeyId"],
        query["Signature"],
        s3=True,
        token=query.get("x-amz-security-token", ""),
        expires=query["Expires"],
    )
