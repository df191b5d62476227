"""AdminDisableProviderForUser: end a person's sign-in with an identity provider, or with a password.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDisableProviderForUser.html
"""

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.cognito_idp import federation, identities, identity_providers, pools, users
from habitr_emulator.services.cognito_idp.errors import UserNotFoundException
from habitr_emulator.services.cognito_idp.identities import Identity
from habitr_emulator.services.cognito_idp.pools import Pool
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:AdminDisableProviderForUser", resources=pools.resource)
async def admin_disable_provider_for_user(request: Input, ctx: Context) -> Output:
    """Undo a link; or take the password of a user of the pool (provider ``Cognito``).

    Raises ResourceNotFoundException, UserNotFoundException.
    """
    pool, named = pools.require(ctx, request["UserPoolId"]), request["User"]
    value = named.get("ProviderAttributeValue") or ""
    if named.get("ProviderName") == "Cognito":
        await users.change(ctx, pool, users.require(ctx, pool, value), _without_password)
        return {}
    provider = identity_providers.require(pool, named.get("ProviderName") or "")
    identity = Identity(
        provider.name, provider.kind, value, named.get("ProviderAttributeName") or identities.SUBJECT
    )
    await ctx.store.write(lambda tx: _unlink(tx, pool, identity))
    return {}


def _without_password(user: users.User) -> None:
    user.salt = user.verifier = None


def _unlink(tx: Transaction, pool: Pool, identity: Identity) -> None:
    name = identities.username_of(tx, pool.id, identity, {identity.claim: identity.value})
    user = users.by_username(tx, pool.id, name) if name else None
    if user is None:
        raise UserNotFoundException
    if user.username == federation.profile_name(pool, identity):
        user.enabled = False  # guess: the profile that the provider's sign-in made can only be closed
    else:
        identities.remove(tx, user, identity)
    users.save(tx, pool, user)
