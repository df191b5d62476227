"""Which cross-origin requests a bucket's rules allow, and the headers that say so.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html
"""

from collections.abc import Mapping, Sequence
from typing import Any

from habitr_emulator.services.context import Account
from habitr_emulator.services.s3 import buckets

VARY = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"


def configured(account: Account, bucket: str) -> bool:
    """Whether the bucket has rules of its own."""
    return buckets.setting(account.store, bucket, "cors") is not None


def preflight(
    account: Account, bucket: str, origin: str, method: str, headers: Sequence[str]
) -> dict[str, str] | None:
    """The answer's headers to a preflight for ``method`` with request ``headers``.

    None if no rule of the bucket allows that, or it has none (``configured`` tells).
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
    document = buckets.setting(account.store, bucket, "cors")
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
