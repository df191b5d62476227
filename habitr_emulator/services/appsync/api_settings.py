"""The settings of a GraphQL API, checked as CreateGraphqlApi and UpdateGraphqlApi take them.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_CreateGraphqlApi.html
"""

from collections.abc import Mapping
from typing import Any, Final

from habitr_emulator.kernel.errors import NotBuilt
from habitr_emulator.services.appsync.errors import BadRequestException
from habitr_emulator.services.appsync.vtl import java_regex
from habitr_emulator.services.appsync.vtl.printing import LimitExceeded

_KEPT: Final = (
    "name",
    "authenticationType",
    "logConfig",
    "userPoolConfig",
    "openIDConnectConfig",
    "additionalAuthenticationProviders",
    "xrayEnabled",
    "lambdaAuthorizerConfig",
    "mergedApiExecutionRoleArn",
    "ownerContact",
    "introspectionConfig",
    "queryDepthLimit",
    "resolverCountLimit",
    "enhancedMetricsConfig",
)
_DEFAULTS: Final[Mapping[str, Any]] = {
    "xrayEnabled": False,
    "additionalAuthenticationProviders": [],
    "introspectionConfig": "ENABLED",
    "queryDepthLimit": 0,
    "resolverCountLimit": 0,
}
#: What each authentication type needs beside its name, and what tells two of one type apart.
_NEEDS: Final = {
    "AMAZON_COGNITO_USER_POOLS": ("userPoolConfig", "userPoolId"),
    "OPENID_CONNECT": ("openIDConnectConfig", "issuer"),
    "AWS_LAMBDA": ("lambdaAuthorizerConfig", ""),
}
_PATTERNS: Final = (
    ("userPoolConfig", "appIdClientRegex"),
    ("openIDConnectConfig", "clientId"),
    ("lambdaAuthorizerConfig", "identityValidationExpression"),
)


def settings(request: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of a request; raises BadRequestException, or NotBuilt for what the emulator lacks."""
    if request.get("apiType", "GRAPHQL") != "GRAPHQL":
        raise NotBuilt("Merged APIs are not built in habitr-emulator.", why="apiType MERGED is not built")
    if request.get("visibility", "GLOBAL") != "GLOBAL":
        raise NotBuilt("Private APIs are not built in habitr-emulator.", why="visibility PRIVATE is not built")
    modes = [request, *(request.get("additionalAuthenticationProviders") or ())]
    seen: set[tuple[str, str]] = set()
    for mode in modes:
        identity = _identity(mode)
        if identity in seen:
            # guess: the service's wording
            raise BadRequestException(f"Duplicate authentication provider {identity[0]} found.")
        seen.add(identity)
    return {**_DEFAULTS, **{name: request[name] for name in _KEPT if request.get(name) is not None}}


def _identity(mode: Mapping[str, Any]) -> tuple[str, str]:
    kind = mode.get("authenticationType") or ""
    if not kind:
        raise BadRequestException("An additional authentication provider needs an authenticationType.")
    config, name = _NEEDS.get(kind, ("", ""))
    if config and not mode.get(config):
        # guess: the service's wording
        raise BadRequestException(f"{config} is required for authentication type {kind}.")
    _check_patterns(mode)
    return kind, str((mode.get(config) or {}).get(name, ""))


def _check_patterns(mode: Mapping[str, Any]) -> None:
    """Refuse regular expressions that are none."""
    for config, name in _PATTERNS:
        given = (mode.get(config) or {}).get(name)
        try:
            if given:
                java_regex.pattern(given)
        except (ValueError, LimitExceeded) as error:
            # guess: the service's wording
            raise BadRequestException(f"{config}.{name} is not a valid regular expression: {error}") from None
