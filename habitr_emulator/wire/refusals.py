"""What a refused caller is told: one kind of refusal, in each protocol's own code, status and words.

    raise refuse("access_denied", context.protocol, why="no policy allows s3:GetObject")

``protocol`` is a service's (``json``, ``rest-json``, ``rest-xml`` for S3, ``query``), or ``appsync`` for GraphQL,
or ``execute-api`` for REST APIs.
"""

from functools import cache
from typing import Any, Literal, NamedTuple

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.wire.model import InvalidInput, Service, UnparsableInput

Kind = Literal[
    "signature_mismatch",
    "unknown_key",
    "wrong_token",
    "expired_token",
    "skew",
    "malformed",
    "malformed_query",
    "wrong_scope",
    "missing_date",
    "expired_url",
    "headers_not_signed",
    "missing_authentication",
    "access_denied",
]
CORAL = "com.amazon.coral.service"
_DIFFERS = "The request signature we calculated does not match the signature you provided."
_CONSULT = "Consult the service documentation for details."
MISMATCH = f"{_DIFFERS} Check your AWS Secret Access Key and signing method. {_CONSULT}"
_S3_MISMATCH = f"{_DIFFERS} Check your key and signing method."
_BAD_TOKEN = "The security token included in the request is invalid."  # noqa: S105 - a message
_EXPIRED_TOKEN = "The security token included in the request is expired"  # noqa: S105 - a message


class Refusal(Exception):
    """A signature that is not accepted. ``refuse(refusal.kind, protocol, …)`` makes the AWS error of it.

    ``code`` and ``status`` are set where S3 has an answer of its own for the case.
    """

    def __init__(self, kind: Kind, message: str = "", *, why: str = "", code: str = "", **fields: Any) -> None:
        self.kind, self.message, self.why, self.code, self.fields = kind, message, why, code, fields
        super().__init__(message or kind)

    def error(self, protocol: str) -> AwsError:
        """The AWS error in the shape of a protocol."""
        if self.code and protocol == "rest-xml":
            status = _S3_STATUS.get(self.code, 400)
            return error_class(self.code, status)(self.message or None, why=self.why or None, **self.fields)
        fields = self.fields if protocol == "rest-xml" else {}
        return refuse(self.kind, protocol, message=self.message or None, why=self.why or None, **fields)


_S3_STATUS = {"AccessDenied": 403, "SignatureDoesNotMatch": 403, "RequestTimeTooSkewed": 403}


class _Row(NamedTuple):
    """S3's code, status, message; code and message of JSON and REST-JSON; code and status of query services;
    AppSync's code and status where it has its own.
    """

    s3: tuple[str, int, str]
    coral: tuple[str, str]
    query: tuple[str, int]
    appsync: tuple[str, int] | None = None


_SIGNATURE = ("InvalidSignatureException", MISMATCH)
_INCOMPLETE = "IncompleteSignatureException"
_TABLE: dict[str, _Row] = {
    "signature_mismatch": _Row(
        ("SignatureDoesNotMatch", 403, _S3_MISMATCH), _SIGNATURE, ("SignatureDoesNotMatch", 403)
    ),
    "unknown_key": _Row(
        ("InvalidAccessKeyId", 403, "The AWS Access Key Id you provided does not exist in our records."),
        ("UnrecognizedClientException", _BAD_TOKEN),
        ("InvalidClientTokenId", 403),
    ),
    "wrong_token": _Row(
        ("InvalidToken", 400, "The provided token is malformed or otherwise invalid."),
        ("UnrecognizedClientException", _BAD_TOKEN),
        ("InvalidClientTokenId", 403),
    ),
    "expired_token": _Row(
        ("ExpiredToken", 400, "The provided token has expired."),
        ("ExpiredTokenException", _EXPIRED_TOKEN),
        ("ExpiredToken", 403),
    ),
    "skew": _Row(
        (
            "RequestTimeTooSkewed",
            403,
            "The difference between the request time and the current time is too large.",
        ),
        _SIGNATURE,
        ("SignatureDoesNotMatch", 403),
    ),
    "malformed": _Row(
        ("AuthorizationHeaderMalformed", 400, "The authorization header is malformed."),
        (_INCOMPLETE, "The authorization is malformed."),
        ("IncompleteSignature", 400),
    ),
    "malformed_query": _Row(
        ("AuthorizationQueryParametersError", 400, "The authorization query parameters are malformed."),
        (_INCOMPLETE, "The authorization is malformed."),
        ("IncompleteSignature", 400),
    ),
    "wrong_scope": _Row(
        ("AuthorizationHeaderMalformed", 400, "The authorization header is malformed."),
        ("InvalidSignatureException", "Credential should be scoped to a valid region."),
        ("SignatureDoesNotMatch", 403),
    ),
    "missing_date": _Row(
        ("AccessDenied", 403, "AWS authentication requires a valid Date or x-amz-date header"),
        (_INCOMPLETE, "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."),
        ("IncompleteSignature", 400),
    ),
    "expired_url": _Row(("AccessDenied", 403, "Request has expired"), _SIGNATURE, ("SignatureDoesNotMatch", 403)),
    "headers_not_signed": _Row(
        ("AccessDenied", 403, "There were headers present in the request which were not signed"),
        _SIGNATURE,
        ("SignatureDoesNotMatch", 403),
    ),
    "missing_authentication": _Row(
        ("AccessDenied", 403, "Access Denied"),
        ("MissingAuthenticationTokenException", "Missing Authentication Token"),
        ("MissingAuthenticationToken", 403),
        ("UnauthorizedException", 401),
    ),
    "access_denied": _Row(
        ("AccessDenied", 403, "Access Denied"),
        ("AccessDeniedException", "User is not authorized to perform this action."),
        ("AccessDenied", 403),
        ("UnauthorizedException", 401),
    ),
}


@cache
def error_class(code: str, status: int, namespace: str = "") -> type[AwsError]:
    """An AwsError class of a code, for errors that belong to the wire and not to a service."""
    return type(code, (AwsError,), {"code": code, "status": status, "namespace": namespace})


def refuse(
    kind: str, protocol: str, *, message: str | None = None, why: str | None = None, **fields: Any
) -> AwsError:
    """The error of a kind of refusal in a protocol; without ``message`` it has AWS's usual one."""
    row = _TABLE[kind]
    if protocol == "rest-xml":
        code, status, usual = row.s3
        return error_class(code, status)(message or usual, why=why, **fields)
    code, usual = row.coral
    if protocol == "query":
        code, status = row.query
        return error_class(code, status)(message or usual, why=why, **fields)
    status = 400 if protocol == "json" else 403
    if protocol == "appsync" and row.appsync:
        code, status = row.appsync
        usual = "You are not authorized to make this call."
    return error_class(code, status, CORAL if protocol == "json" else "")(message or usual, why=why, **fields)


def invalid_input(service: Service, broken: InvalidInput | UnparsableInput) -> AwsError:
    """The error of an input that the model or the parser refuses, as the service words it."""
    parsed = isinstance(broken, InvalidInput)
    if service.protocol == "rest-xml":
        code = "InvalidRequest" if parsed else "MalformedXML"
        name, value = getattr(broken, "name", None), getattr(broken, "value", None)
        if name is not None:
            return error_class("InvalidArgument", 400)(broken.message, ArgumentName=name, ArgumentValue=value)
        return error_class(code, 400)(broken.message)
    if not parsed and service.protocol != "query":
        return error_class("SerializationException", 400, _namespace(service, CORAL))(broken.message)
    code = _INVALID.get(service.name, "ValidationException")
    return error_class(code, 400, _namespace(service, "com.amazon.coral.validate"))(broken.message)


_INVALID = {
    "cognito-idp": "InvalidParameterException",
    "cognito-identity": "InvalidParameterException",
    "sts": "ValidationError",
    "iam": "ValidationError",
    "appsync": "BadRequestException",
    "pinpoint": "BadRequestException",
    "logs": "InvalidParameterException",
}


def _namespace(service: Service, namespace: str) -> str:
    return namespace if service.signing_name == "dynamodb" else ""


def unknown_operation(service: Service | None, name: str) -> AwsError:
    """The error of an operation that AWS does not have, or of a service that the emulator does not have."""
    if service is None:
        why = f"habitr-emulator has no service for {name!r}; see the coverage table"
        return error_class("NotImplemented", 501)(f"The service of {name} is not emulated.", why=why)
    if service.protocol == "rest-xml":
        return _unknown_to_s3(name)
    if service.protocol == "query":
        text = f"Could not find operation {name} for version {service.api_version}"
        return error_class("InvalidAction", 400)(text, why=f"{service.name} has no action {name}")
    if service.protocol == "rest-json":
        why = f"no operation of {service.name} has this method and path: {name}"
        return error_class("UnknownOperationException", 404)("", why=why)
    why = f"{service.name} has no operation {name!r}"
    return error_class("UnknownOperationException", 400, _namespace(service, CORAL))("", why=why)


def _unknown_to_s3(name: str) -> AwsError:
    if name:
        return error_class("NotImplemented", 501)(
            "A header you provided implies functionality that is not implemented.", why=f"not built for S3: {name}"
        )
    return error_class("MethodNotAllowed", 405)("The specified method is not allowed against this resource.")
