"""Verifies signatures, without I/O: who signed is found, and whether this is what was signed.

    signature = presented(request, s3=False)          # None: nothing was presented
    check(signature, request, now=clock.real(), service="dynamodb", region=None)
    secret = ...                                      # of signature.access_key and signature.token
    key = verify(signature, request, secret)          # the signing key, for S3's signed chunks (wire.payload)

Every step raises Refusal; ``refusal.error(protocol)`` is the AWS error. SigV2 (S3 only) is seen to by the same
calls; browser forms have ``presented_form`` and ``verify_form``. What a client signs for AppSync's WebSocket is a
``Request`` that was never sent: make one of the signed headers and body.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
"""

import hmac
from collections.abc import Mapping

from habitr_emulator.wire import sigv2
from habitr_emulator.wire.content_hash import content_hash, hold_body
from habitr_emulator.wire.diagnosis import reason
from habitr_emulator.wire.hosts import without_port
from habitr_emulator.wire.http import Request
from habitr_emulator.wire.refusals import MISMATCH, Refusal
from habitr_emulator.wire.signature import ALGORITHM, Scope, Signature, presented
from habitr_emulator.wire.signing import Calculated, Reading, calculate, key_of, sign
from habitr_emulator.wire.validity import check

__all__ = [
    "Signature",
    "check",
    "presented",
    "presented_form",
    "verify",
    "verify_form",
]
_ORDER = "If it is specified, please check the order of the fields."
_TOLERATED = ("x-amz-content-sha256",)


def verify(signature: Signature, request: Request, secret: str) -> bytes:
    """Prove that ``request`` was signed with ``secret``; returns the signing key (empty for SigV2).

    Raises Refusal with the likely cause in ``why``. S3's streamed bodies are judged by ``wire.payload`` later.
    """
    if signature.kind in ("v2-header", "v2-query"):
        sigv2.verify(signature, request, secret)
        return b""
    content = content_hash(request, signature)
    if signature.s3:
        _all_signed(signature, request)
    key = key_of(signature, secret)
    first: Calculated | None = None
    for reading in _readings(signature, request, content):
        calculated = calculate(signature, request, key, reading)
        if calculated and hmac.compare_digest(calculated.signature.encode(), _bytes(signature.signature)):
            if signature.s3 and request.stream is None:
                hold_body(content, request.body)
            return key
        first = first or calculated
    raise _mismatch(signature, first, reason(signature, request, key, content))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _readings(signature: Signature, request: Request, content: str) -> list[Reading]:
    """The Host as it came, then without its port (Dart signs it so); a bare ``+`` as plus sign, then as blank."""
    if "host" not in signature.signed_headers:
        return []
    raw = request.headers.get("host")
    hosts = dict.fromkeys((raw, without_port(raw)))
    pluses = (False, True) if "+" in request.raw_query else (False,)
    return [Reading(host, content, plus) for host in hosts for plus in pluses]


def _all_signed(signature: Signature, request: Request) -> None:
    """S3 wants every x-amz- header signed; the content hash alone may go unsigned."""
    unsigned = {name for name, _ in request.headers if name.startswith("x-amz-")}
    unsigned.difference_update(signature.signed_headers, _TOLERATED)
    if unsigned:
        names = ", ".join(sorted(unsigned))
        raise Refusal("headers_not_signed", why=f"not signed: {names}", HeadersNotSigned=names)


def _mismatch(signature: Signature, calculated: Calculated | None, why: str) -> Refusal:
    if calculated is None:
        return Refusal("signature_mismatch", why=why)
    canonical, to_sign = calculated.canonical, calculated.to_sign
    if not signature.s3:
        text = f"{MISMATCH}\n\nThe Canonical String for this request should have been\n'{canonical}'"
        return Refusal(
            "signature_mismatch", f"{text}\n\nThe String-to-Sign should have been\n'{to_sign}'\n", why=why
        )
    return Refusal(
        "signature_mismatch",
        why=why,
        AWSAccessKeyId=signature.access_key,
        StringToSign=to_sign,
        SignatureProvided=signature.signature,
        StringToSignBytes=_bytes(to_sign).hex(" "),
        CanonicalRequest=canonical,
        CanonicalRequestBytes=_bytes(canonical).hex(" "),
    )


def presented_form(fields: Mapping[str, str]) -> Signature | None:
    """The signature of a browser's upload form, whose field names are in lower case; None if it has none.

    https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-authentication-HTTPPOST.html
    """
    if "awsaccesskeyid" in fields and "signature" in fields:
        token = fields.get("x-amz-security-token", "")
        return Signature("v2-form", fields["awsaccesskeyid"], fields["signature"], s3=True, token=token)
    if "x-amz-signature" not in fields:
        return None
    for name in ("x-amz-algorithm", "x-amz-credential", "x-amz-date", "policy"):
        if not fields.get(name):
            raise _form_refusal(f"Bucket POST must contain a field named '{name}'.  {_ORDER}", name, "")
    if fields["x-amz-algorithm"] != ALGORITHM:
        text = f'X-Amz-Algorithm only supports "{ALGORITHM}"'
        raise _form_refusal(text, "x-amz-algorithm", fields["x-amz-algorithm"])
    pieces = fields["x-amz-credential"].rsplit("/", 4)
    if len(pieces) != 5 or not all(pieces):
        text = 'the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".'
        raise _form_refusal(text, "x-amz-credential", fields["x-amz-credential"])
    return Signature(
        "form",
        pieces[0],
        fields["x-amz-signature"],
        True,
        fields["x-amz-date"],
        Scope(*pieces[1:]),
        token=fields.get("x-amz-security-token", ""),
    )


def _form_refusal(text: str, name: str, value: str) -> Refusal:
    return Refusal("malformed", text, code="InvalidArgument", ArgumentName=name, ArgumentValue=value[:128])


def verify_form(signature: Signature, policy: str, secret: str) -> None:
    """Prove that the base64 ``policy`` of a form was signed with ``secret``; raises Refusal."""
    if signature.kind == "v2-form":
        expected = sigv2.sign(secret, policy)
    else:
        expected = sign(key_of(signature, secret), policy)
    if not hmac.compare_digest(expected.encode(), _bytes(signature.signature)):
        raise Refusal(
            "signature_mismatch",
            why="the form's policy was signed with another secret, or changed after signing",
            AWSAccessKeyId=signature.access_key,
            StringToSign=policy,
            SignatureProvided=signature.signature,
        )
