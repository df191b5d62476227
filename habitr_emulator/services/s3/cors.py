"""Which cross-origin requests a bucket's rules allow, and the headers that say so.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html
"""

from collections.abc import Mapping, Sequence
from typing import Any

from habitr_emulator.services.context import Account
from habitr_emulator.services.s3 import buckets
from habitr_emulator.services.s3.errors import BadRequest
from habitr_emulator.services.s3.setting_errors import AccessForbidden
from habitr_emulator.wire.http import Headers

METHODS = ("GET", "PUT", "HEAD", "POST", "DELETE")
VARY = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"


def concerns(account: Account, bucket: str) -> bool:
    """Whether there is such a bucket, so that its rules decide, if only by being none."""
    return account.store.one("SELECT 1 FROM s3_buckets WHERE name = ?", (bucket,)) is not None


def answer_preflight(account: Account, bucket: str, headers: Headers) -> dict[str, str]:
    """The headers that allow what an OPTIONS request asks; raises BadRequest, AccessForbidden."""
    origin, method = headers.get("origin"), headers.get("access-control-request-method")
    if not origin:
        raise BadRequest("Insufficient information. Origin request header needed.")
    if method not in METHODS:
        raise BadRequest(f"Invalid Access-Control-Request-Method: {method or 'null'}")
    if not _rules(account, bucket):
        raise AccessForbidden(
            "CORSResponse: CORS is not enabled for this bucket.",
            why=f"the bucket {bucket} has no CORS rules; PutBucketCors gives it some",
            Method=method,
        )
    wanted = headers.get("access-control-request-headers").split(",")
    allowed = preflight(account, bucket, origin, method, wanted)
    if allowed is None:
        why = f"no CORS rule of {bucket} allows {method} from {origin} with the headers {', '.join(wanted)}"
        raise AccessForbidden(why=why, Method=method)
    if headers.get("access-control-request-private-network") == "true":
        allowed["Access-Control-Allow-Private-Network"] = "true"
    return allowed


def actual_headers(account: Account, bucket: str, headers: Headers, method: str) -> dict[str, str]:
    """What the answer to a request with Origin carries: only ``Vary`` if no rule allows the origin."""
    asked = headers.get("access-control-request-method") or method
    return actual(account, bucket, headers.get("origin"), asked) or {"Vary": VARY}


def preflight(
    account: Account, bucket: str, origin: str, method: str, headers: Sequence[str]
) -> dict[str, str] | None:
    """The answer's headers to a preflight for ``method`` with request ``headers``.

    None if no rule of the bucket allows that, or it has none.
    """
    wanted = [header.strip().lower() for header in headers if header.strip()]
    for rule in _rules(account, bucket):
        if _allows(rule, origin, method) and all(_allows_header(rule, header) for header in wanted):
            allowed = {"Access-Control-Allow-Headers": ", ".join(wanted)} if wanted else {}
            return {**_answer(rule, origin), **allowed}
    return None


def actual(account: Account, bucket: str, origin: str, method: str) -> dict[str, str] | None:
    """The headers that the answer to a cross-origin request carries, also if it is an error; None as above."""
    for rule in _rules(account, bucket):
        if _allows(rule, origin, method):
            return _answer(rule, origin)
    return None


def _rules(account: Account, bucket: str) -> Sequence[Mapping[str, Any]]:
    document = buckets.setting(account, bucket, "cors")
    return () if document is None else document["CORSRules"]


def _allows(rule: Mapping[str, Any], origin: str, method: str) -> bool:
    origins, methods = rule.get("AllowedOrigins", ()), rule.get("AllowedMethods", ())
    return method.upper() in methods and any(_fits(pattern, origin) for pattern in origins)


def _allows_header(rule: Mapping[str, Any], header: str) -> bool:
    return any(_fits(pattern.lower(), header) for pattern in rule.get("AllowedHeaders", ()))


def _fits(pattern: str, text: str) -> bool:
    before, star, after = pattern.partition("*")
    if not star:
        return pattern == text
    return len(text) >= len(before) + len(after) and text.startswith(before) and text.endswith(after)


def _answer(rule: Mapping[str, Any], origin: str) -> dict[str, str]:
    anyone = "*" in rule.get("AllowedOrigins", ())
    answer = {
        "Access-Control-Allow-Origin": "*" if anyone else origin,
        "Access-Control-Allow-Methods": ", ".join(rule.get("AllowedMethods", ())),
        "Vary": VARY,
    }
    if not anyone:
        answer["Access-Control-Allow-Credentials"] = "true"
    if rule.get("ExposeHeaders"):
        answer["Access-Control-Expose-Headers"] = ", ".join(rule["ExposeHeaders"])
    if rule.get("MaxAgeSeconds") is not None:
        answer["Access-Control-Max-Age"] = str(rule["MaxAgeSeconds"])
    return answer
