"""Domains of hosted UIs: which names there may be, and whose one is.

https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html
"""

from collections.abc import Mapping
from typing import Any

from habitr_emulator.kernel.errors import NotBuilt
from habitr_emulator.services.cognito_idp import pools
from habitr_emulator.services.cognito_idp.errors import InvalidParameterException
from habitr_emulator.services.cognito_idp.pools import Pool, Reader

_RESERVED = ("aws", "amazon", "cognito")
_VERSIONS = (1, 2)


def check_name(domain: str) -> None:
    """Refuse a prefix with one of AWS's own words; raises InvalidParameterException."""
    for word in _RESERVED:
        if word in domain:
            raise InvalidParameterException(f"Domain cannot contain reserved word: {word}")


def refuse_custom(request: Mapping[str, Any]) -> None:
    """Refuse a domain of one's own, which would need DNS and certificates; raises NotBuilt."""
    if request.get("CustomDomainConfig"):
        raise NotBuilt(
            "Custom domains are not built in habitr-emulator.",
            why="not built: custom domains; take a prefix, it answers under /_habitr/hosted/<prefix>/",
        )


def login_version(request: Mapping[str, Any]) -> int:
    """ManagedLoginVersion; raises InvalidParameterException for one that there is not."""
    version = int(request.get("ManagedLoginVersion") or 1)
    if version not in _VERSIONS:
        raise InvalidParameterException(f"Invalid ManagedLoginVersion: {version}")
    return version


def pool_of(reader: Reader, domain: str) -> Pool | None:
    """The pool that has a domain, or None."""
    row = reader.one("SELECT user_pool_id FROM cognito_idp_domains WHERE domain = ?", (domain,))
    return pools.find(reader, row["user_pool_id"]) if row else None
