"""AdminLinkProviderForUser: let a person of an identity provider sign in as an existing user.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminLinkProviderForUser.html
"""

from collections.abc import Mapping

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.cognito_idp import identities, identity_providers, pools, users
from habitr_emulator.services.cognito_idp.errors import InvalidParameterException
from habitr_emulator.services.cognito_idp.identities import Identity
from habitr_emulator.services.cognito_idp.pools import Pool
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:AdminLinkProviderForUser", resources=pools.resource)
async def admin_link_provider_for_user(request: Input, ctx: Context) -> Output:
    """Link SourceUser, who must not have signed in yet, to DestinationUser.

    Raises ResourceNotFoundException, UserNotFoundException, InvalidParameterException, LimitExceededException.
    """
    pool = pools.require(ctx, request["UserPoolId"])
    target, now = request["DestinationUser"], ctx.clock.now()
    name = target.get("ProviderAttributeValue") or ""
    if target.get("ProviderName", "Cognito") != "Cognito":
        name = f"{target['ProviderName']}_{name}"
    user = users.require(ctx, pool, name)
    identity = _source(pool, request["SourceUser"])

    def write(tx: Transaction) -> None:
        fresh = users.again(tx, user)
        identities.link(tx, fresh, identity, now)
        fresh.modified_at = now
        users.save(tx, pool, fresh)

    await ctx.store.write(write)
    return {}


def _source(pool: Pool, source: Mapping[str, str]) -> Identity:
    provider = identity_providers.require(pool, source.get("ProviderName") or "")
    claim, value = source.get("ProviderAttributeName") or "", source.get("ProviderAttributeValue") or ""
    if not claim or not value:
        raise InvalidParameterException("SourceUser needs ProviderAttributeName and ProviderAttributeValue.")
    if provider.kind != "OIDC" and claim != identities.SUBJECT:
        raise InvalidParameterException(
            f"Invalid SourceUser: Only attribute {identities.SUBJECT} is supported for social identity providers"
        )
    return Identity(provider.name, provider.kind, value, claim)
