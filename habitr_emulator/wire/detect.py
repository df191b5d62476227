"""Which service and which operation a request means; one port serves them all.

    destination = detect(request, Names(stages=frozenset({"dev"})))
    match destination:
        case OperationCall(operation, labels): ...   # a modelled AWS operation
        case Unknown(service, name): ...             # refusals.unknown_operation(service, name)
        case Endpoint(name, parts): ...              # GraphQL, hosted UI, REST API, admin …

The order: X-Amz-Target, the service of the credential scope, Host, form ``Action=``, path; the rest is S3 path
style. WebSocket upgrades and CORS preflights are seen to before.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, unquote_plus

from habitr_emulator.wire import rest_routes, s3_routes
from habitr_emulator.wire.answers import media_type
from habitr_emulator.wire.hosts import HostMeaning, meaning_of, without_port
from habitr_emulator.wire.http import Request
from habitr_emulator.wire.model import (
    Operation,
    Service,
    service,
    service_of_signing_name,
    service_of_target,
)


@dataclass(frozen=True, slots=True)
class Names:
    """What must be known of the deployed project: the REST API's stages, the domains of hosted UIs that are not
    Amazon's, and further host names of the emulator itself (a machine's name on the LAN).
    """

    stages: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OperationCall:
    """An operation of a modelled service, and its decoded path labels (``Bucket``, ``Key`` …)."""

    operation: Operation
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unknown:
    """A request that no operation fits; ``service`` is None if the emulator has no such service."""

    service: Service | None
    name: str


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A surface without a model. ``name`` and ``parts``:

    - ``appsync.graphql``: ``api_id`` ("" is the project's); ``appsync.ping``
    - ``cognito_idp.well_known``: ``user_pool_id``, ``document`` (``jwks.json``)
    - ``cognito_idp.hosted_ui``: ``domain`` ("" is the project's), ``path`` (``/oauth2/token``)
    - ``apigateway.execute_api``: ``api_id`` ("" is the project's), ``stage``, ``path`` (raw, with its slash)
    - ``s3.post_object``: ``Bucket`` (a browser's form upload)
    - ``admin``: ``path`` (below ``/_habitr``)
    """

    name: str
    parts: Mapping[str, str] = field(default_factory=dict)


Destination = OperationCall | Unknown | Endpoint

_SCOPE = re.compile(r"Credential=[^,]*/([^/,]*)/[^/,]*(?:,|\s|$)")
_WELL_KNOWN = re.compile(r"/([\w-]+_[0-9A-Za-z]+)/\.well-known/([\w.-]+)", re.ASCII)
_EXECUTE = re.compile(r"/restapis/([^/]+)/([^/]+)/_user_request_(/.*)?")
_GRAPHQL = re.compile(r"/graphql(?:/([\w-]+))?", re.ASCII)
_HOSTED_PAGES = re.compile(
    "/(login|signup|logout|forgotPassword|confirmForgotPassword|confirmUser|resendcode|mfa|changePassword|error"
    "|oauth2/.*)"
)
_HEALTH = ("/health", "/_localstack/health")
_ACTIONS = {"2011-06-15": "sts", "2010-05-08": "iam"}
_JSON = {"application/x-amz-json-1.0": "dynamodb", "application/x-amz-json-1.1": "cognito-idp"}


def detect(request: Request, names: Names) -> Destination:
    """What ``request`` is for."""
    path = request.raw_path
    if path.startswith("/_habitr/"):
        return _own(path)
    target = request.headers.get("x-amz-target")
    if target:
        return _targeted(target, request)
    host = meaning_of(request.host, names.hosts)
    scope = scope_service(request)
    if scope:
        found = _scoped(scope, host, request)
        if found is not None:
            return found
    return _hosted(host, request) or _acted(request) or _pathed(request, names) or _s3(host, request)


def scope_service(request: Request) -> str:
    """The service in the credential scope, of header or query; "" if the request has none."""
    authorization = request.headers.get("authorization")
    if authorization.startswith("AWS4-"):
        found = _SCOPE.search(authorization)
        return found[1] if found else ""
    if "X-Amz-Credential=" in request.raw_query:
        credential = dict(request.query(plus=False)).get("X-Amz-Credential", "")
        pieces = credential.rsplit("/", 2)
        return pieces[1] if len(pieces) == 3 else ""
    return ""


def _own(path: str) -> Endpoint:
    if path.startswith("/_habitr/hosted/"):
        domain, _, rest = path.removeprefix("/_habitr/hosted/").partition("/")
        return Endpoint("cognito_idp.hosted_ui", {"domain": unquote(domain), "path": f"/{rest}"})
    return Endpoint("admin", {"path": path.removeprefix("/_habitr")})


def _targeted(target: str, request: Request) -> OperationCall | Unknown:
    found = service_of_target(target)
    name = target.rpartition(".")[2]
    if found is None:  # the service that the request was signed for does not know it
        signed_for = service_of_signing_name(scope_service(request))
        spoken = signed_for is not None and signed_for.protocol == "json"
        return Unknown(signed_for if spoken else None, target[:128])
    operation = found.operations.get(name)
    return OperationCall(operation) if operation else Unknown(found, name)


def _scoped(scope: str, host: HostMeaning, request: Request) -> Destination | None:
    """By the credential scope; None if it names no service of ours but the Host does."""
    if scope == "execute-api":
        return _execute_api(host, request)
    found = service_of_signing_name(scope)
    if found is None:
        return None if host.name else Unknown(None, scope[:64])
    if found.name == "s3":
        return _s3(host, request)
    if found.protocol == "query":
        return _action(found, request)
    if found.name == "appsync" and (host.name == "appsync.graphql" or _GRAPHQL.fullmatch(request.raw_path)):
        return _graphql(host, request)
    if found.protocol == "rest-json":
        return _rest(found, request)
    return Unknown(found, "")


def _hosted(host: HostMeaning, request: Request) -> Destination | None:
    """By the Host header."""
    if host.name == "s3":
        return _s3(host, request)
    if host.name == "appsync.graphql":
        return Endpoint("appsync.ping") if request.raw_path == "/ping" else _graphql(host, request)
    if host.name == "apigateway.execute_api":
        return _execute_api(host, request)
    if host.name == "cognito_idp.hosted_ui":
        return Endpoint("cognito_idp.hosted_ui", {"domain": host.part, "path": request.raw_path})
    found = service_of_signing_name(host.name) if host.name else None
    if found is None:
        return None
    if found.protocol == "query":
        return _action(found, request)
    if found.protocol == "rest-json":
        return _rest(found, request)
    well_known = _well_known(request)
    return well_known or Unknown(found, "")


def _acted(request: Request) -> Destination | None:
    """By the query protocol's ``Action`` and ``Version``, or by the content type of a JSON protocol."""
    if request.raw_path != "/":
        return None
    name = _JSON.get(media_type(request.headers))
    if name:
        return Unknown(service(name), "")
    found = _ACTIONS.get(_form(request).get("Version", ""))
    return _action(service(found), request) if found else None


def _pathed(request: Request, names: Names) -> Destination | None:
    """By the path, as clients with one endpoint for everything ask."""
    path = request.raw_path
    if path in _HEALTH:
        return Endpoint("admin", {"path": "/health"})
    if path == "/ping":
        return Endpoint("appsync.ping")
    if _GRAPHQL.fullmatch(path):
        return _graphql(HostMeaning(), request)
    own_domain = without_port(request.host)
    if own_domain in names.domains:
        return Endpoint("cognito_idp.hosted_ui", {"domain": own_domain, "path": path})
    if _HOSTED_PAGES.fullmatch(path):
        return Endpoint("cognito_idp.hosted_ui", {"domain": "", "path": path})
    if _EXECUTE.fullmatch(path) or path[1:].partition("/")[0] in names.stages:
        return _execute_api(HostMeaning(), request)
    if re.match(r"/20\d\d-\d\d-\d\d/", path):
        found = rest_routes.find("lambda", request)
        return OperationCall(*found) if found else None
    return _well_known(request)


def _well_known(request: Request) -> Endpoint | None:
    found = _WELL_KNOWN.fullmatch(request.raw_path)
    parts = {"user_pool_id": found[1], "document": found[2]} if found else {}
    return Endpoint("cognito_idp.well_known", parts) if found else None


def _graphql(host: HostMeaning, request: Request) -> Endpoint:
    found = _GRAPHQL.fullmatch(request.raw_path)
    return Endpoint("appsync.graphql", {"api_id": host.part or (found[1] if found else "") or ""})


def _execute_api(host: HostMeaning, request: Request) -> Endpoint:
    """``/restapis/{api}/{stage}/_user_request_/…`` or ``/{stage}/…``."""
    found = _EXECUTE.fullmatch(request.raw_path)
    if found:
        api, stage, rest = found[1], found[2], found[3] or "/"
    else:
        _, stage, *more = request.raw_path.split("/", 2)
        api, rest = host.part, "/" + "".join(more)
    return Endpoint("apigateway.execute_api", {"api_id": api, "stage": unquote(stage), "path": rest})


def _rest(found: Service, request: Request) -> OperationCall | Unknown:
    match = rest_routes.find(found.name, request)
    return OperationCall(*match) if match else Unknown(found, f"{request.method} {request.raw_path[:200]}")


def _form(request: Request) -> dict[str, str]:
    """``Action`` and ``Version``, of a form body or the query string."""
    text = request.raw_query
    if media_type(request.headers) == "application/x-www-form-urlencoded":
        text = f"{text}&{request.body[:65536].decode('latin-1')}"
    pairs = (piece.partition("=") for piece in text.split("&"))
    return {name: unquote_plus(value) for name, _, value in pairs if name in ("Action", "Version")}


def _action(found: Service, request: Request) -> OperationCall | Unknown:
    name = _form(request).get("Action", "")
    operation = found.operations.get(name)
    return OperationCall(operation) if operation else Unknown(found, name)


def _s3(host: HostMeaning, request: Request) -> Destination:
    """S3: the bucket from Host or path, the key from the rest of the raw path, decoded once."""
    path = request.raw_path[1:]
    if host.name == "s3" and host.part:
        bucket, key = host.part, path
    else:
        bucket, _, key = path.partition("/")
    labels = {"Bucket": unquote(bucket, errors="surrogateescape"), "Key": unquote(key, errors="surrogateescape")}
    if bucket and not key and _is_form(request):
        return Endpoint("s3.post_object", {"Bucket": labels["Bucket"]})
    operation = s3_routes.find(request, bucket=bool(bucket), key=bool(key))
    return Unknown(service("s3"), operation) if isinstance(operation, str) else OperationCall(operation, labels)


def _is_form(request: Request) -> bool:
    """A browser's upload; what carries neither a signature nor a sub-resource can mean nothing else."""
    if request.method != "POST":
        return False
    bare = not request.raw_query and "authorization" not in request.headers
    return bare or media_type(request.headers) == "multipart/form-data"
