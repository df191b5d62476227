"""Members of requests that ask for what is not built: refused plainly rather than taken and forgotten."""

from collections.abc import Mapping
from typing import Any

from habitr_emulator.kernel.errors import NotBuilt

POOL = ("DcrConfiguration", "KeyConfiguration", "IssuerConfiguration", "AcrConfiguration")
CLIENT = ("PublishSecretsInAWSSecretsManager",)


def refuse(request: Mapping[str, Any], *members: str) -> None:
    """Refuse a request that has one of ``members``; raises NotBuilt."""
    for member in members:
        if request.get(member):
            raise NotBuilt(f"{member} is not built in habitr-emulator.", why=f"not built: {member}; leave it out")
