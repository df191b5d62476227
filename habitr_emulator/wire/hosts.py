"""What a Host header tells of the service that is meant."""

import re
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class HostMeaning:
    """``name``: ``s3``, ``appsync.graphql``, ``apigateway.execute_api``, ``cognito_idp.hosted_ui`` or a service's
    signing name; "" if the host says nothing. ``part`` is the bucket, API id or domain prefix in it.
    """

    name: str = ""
    part: str = ""


_REGION = r"[a-z]{2}(?:-[a-z]+)+-\d"
_AMAZON = (
    (re.compile(rf"(?:(.+)\.)?s3(?:\.dualstack)?[.-]{_REGION}\.amazonaws\.com"), "s3"),
    (re.compile(r"(?:(.+)\.)?s3(?:-accelerate(?:\.dualstack)?)?\.amazonaws\.com"), "s3"),
    (re.compile(rf"([^.]+)\.appsync-(?:realtime-)?api\.{_REGION}\.amazonaws\.com"), "appsync.graphql"),
    (re.compile(rf"([^.]+)\.execute-api\.{_REGION}\.amazonaws\.com"), "apigateway.execute_api"),
    (re.compile(rf"([^.]+)\.auth\.{_REGION}\.amazoncognito\.com"), "cognito_idp.hosted_ui"),
)
_SERVICE = re.compile(rf"(?:streams\.)?([a-z-]+)(?:\.{_REGION})?\.amazonaws\.com")
_SIGNED_AS = {"pinpoint": "mobiletargeting"}
#: Under these names buckets live as first labels (bucket.localhost).
_OWN = ("s3.localhost", "localhost")


@lru_cache(maxsize=1024)
def meaning_of(host: str, own: tuple[str, ...] = ()) -> HostMeaning:
    """What a Host header (lower case, with or without port) means; ``own`` are further names of the emulator."""
    name = without_port(host)
    for suffix in sorted((*own, *_OWN), key=len, reverse=True):
        if name == suffix:
            return HostMeaning("s3") if suffix == "s3.localhost" else HostMeaning()
        if name.endswith(f".{suffix}"):
            return HostMeaning("s3", name.removesuffix(f".{suffix}"))
    for pattern, meaning in _AMAZON:
        found = pattern.fullmatch(name)
        if found:
            return HostMeaning(meaning, found[1] or "")
    found = _SERVICE.fullmatch(name)
    return HostMeaning(_SIGNED_AS.get(found[1], found[1])) if found else HostMeaning()


def without_port(host: str) -> str:
    """A host without its port."""
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.rpartition(":")[0] if ":" in host else host
