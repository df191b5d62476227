"""InboundFederation: changes what an identity provider says of a person, before it reaches the profile.

https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-inbound-federation.html
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from habitr_emulator.services.cognito_idp.errors import InvalidLambdaResponseException
from habitr_emulator.services.cognito_idp.identity_providers import Provider
from habitr_emulator.services.cognito_idp.triggers import Occasion, expect, fire


@dataclass(frozen=True, slots=True)
class Said:
    """What a provider answered: at its token address, in its ID token, at its attributes address."""

    tokens: Mapping[str, Any] = field(default_factory=dict)
    id_token: Mapping[str, Any] = field(default_factory=dict)
    user_info: Mapping[str, Any] = field(default_factory=dict)

    @property
    def claims(self) -> dict[str, Any]:
        """The person's claims."""
        return {**self.id_token, **self.user_info}


async def inbound_federation(occasion: Occasion, provider: Provider, said: Said) -> dict[str, Any]:
    """Fire the trigger; the claims to be mapped: those that it answers, or (if none) those that came.

    Who the person is stays what the provider said (guess). Raises what ``fire`` raises.
    """
    request = {
        "providerName": provider.name,
        "providerType": provider.kind,
        "attributes": {
            "tokenResponse": _texts(said.tokens),
            "idToken": _texts(said.id_token),
            "userInfo": _texts(said.user_info),
        },
    }
    answer = await fire(occasion, "InboundFederation_ExternalProvider", request, {"userAttributesToMap": {}})
    chosen: dict[str, Any] = expect("InboundFederation", answer.get("userAttributesToMap"), dict) or {}
    if not all(isinstance(value, str) for value in chosen.values()):
        raise InvalidLambdaResponseException(
            why="the InboundFederation trigger gave attributes that are no strings"
        )
    return {**chosen, provider.subject: said.claims.get(provider.subject)} if chosen else said.claims


def _texts(claims: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: value if isinstance(value, str) else orjson.dumps(value).decode() for name, value in claims.items()
    }
