"""CORS: browsers call every endpoint directly, so every answer, refusals too, lets them read it."""

from habitr_emulator.wire.detect import Endpoint, Names, OperationCall, detect
from habitr_emulator.wire.http import Request, Response

METHODS = "GET,HEAD,PUT,POST,DELETE,PATCH,OPTIONS"
EXPOSED = (
    "x-amzn-errortype,x-amzn-errormessage,x-amzn-requestid,x-amz-request-id,x-amz-id-2,x-habitr-why,ETag,Date,"
    "x-amz-version-id,Content-Length,Content-Range,Last-Modified,x-amz-server-side-encryption,x-amz-meta-*"
)
MAX_AGE = "3000"
GRAPHQL_MAX_AGE = "172800"


def is_preflight(request: Request) -> bool:
    """Whether a browser asks if it may ask. AppSync answers every OPTIONS like that."""
    if request.method != "OPTIONS":
        return False
    return "access-control-request-method" in request.headers or _is_graphql(request)


def _is_graphql(request: Request) -> bool:
    return request.raw_path.startswith("/graphql")


def bucket_meant(request: Request, names: Names) -> str:
    """The S3 bucket that the request behind a preflight is for; "" if it is for something else."""
    method = request.headers.get("access-control-request-method") or "GET"
    destination = detect(Request(method, request.target, request.headers), names)
    if isinstance(destination, OperationCall) and destination.operation.service.name == "s3":
        return destination.labels.get("Bucket", "")
    if isinstance(destination, Endpoint) and destination.name == "s3.post_object":
        return destination.parts["Bucket"]
    return ""


def preflight(request: Request) -> Response:
    """Yes, from anywhere, with the headers that were asked for (``*`` would not cover Authorization)."""
    headers = {
        "access-control-allow-origin": request.headers.get("origin", "*"),
        "access-control-allow-methods": METHODS,
        "access-control-allow-headers": request.headers.get("access-control-request-headers", "*"),
        "access-control-max-age": GRAPHQL_MAX_AGE if _is_graphql(request) else MAX_AGE,
        "vary": "Origin, Access-Control-Request-Headers, Access-Control-Request-Method",
    }
    if request.headers.get("access-control-request-private-network") == "true":
        headers["access-control-allow-private-network"] = "true"
    return Response(200, headers)


def allow(request: Request, response: Response) -> None:
    """Let the page that asked read ``response``; what the service itself said about CORS stays.

    S3 says nothing about CORS to who is no browser, and leaves it to the bucket's rules where there is a bucket
    (its answers then have ``Vary``); the other services always do.
    """
    headers = response.headers
    of_s3 = "x-amz-id-2" in headers
    if (
        "access-control-allow-origin" in headers
        or "Access-Control-Allow-Origin" in headers
        or (of_s3 and ("origin" not in request.headers or "Vary" in headers))
    ):
        return
    headers["access-control-allow-origin"] = "*"
    metadata = [name for name in headers if name.startswith("x-amz-meta-")] if of_s3 else []
    headers["access-control-expose-headers"] = ",".join([EXPOSED, *metadata])
