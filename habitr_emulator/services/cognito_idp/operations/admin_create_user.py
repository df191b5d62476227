"""AdminCreateUser: make a user with a temporary password, and invite it.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminCreateUser.html
"""

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.cognito_idp import (
    attributes,
    first_factors,
    invitations,
    passwords,
    pools,
    usernames,
    users,
)
from habitr_emulator.services.cognito_idp.errors import UnsupportedUserStateException
from habitr_emulator.services.cognito_idp.pools import Pool
from habitr_emulator.services.cognito_idp.triggers import Occasion
from habitr_emulator.services.cognito_idp.triggers.pre_sign_up import pre_sign_up
from habitr_emulator.services.cognito_idp.users import User
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:AdminCreateUser", resources=pools.resource)
async def admin_create_user(request: Input, ctx: Context) -> Output:
    """Make a FORCE_CHANGE_PASSWORD user (a CONFIRMED one without password, where the pool has a first factor for
    its verified address and no password is given), or (MessageAction RESEND) give it a new temporary password.

    Raises UsernameExistsException, UserNotFoundException, UnsupportedUserStateException, InvalidPasswordException,
    InvalidParameterException, and what the triggers raise.
    """
    pool = pools.require(ctx, request["UserPoolId"])
    password = request.get("TemporaryPassword") or ""
    if not password and not _passwordless(pool, request):
        password = passwords.temporary(ctx, pool)
    if password:
        passwords.check_policy(pool, password)
    metadata = request.get("ClientMetadata") or {}
    if request.get("MessageAction") == "RESEND":
        user = await _renewed(ctx, pool, request["Username"], password)
        occasion = Occasion(ctx, pool, user, metadata=metadata)
    else:
        occasion = Occasion(ctx, pool, _new(ctx, pool, request, password), metadata=metadata)
        user = occasion.user
        await pre_sign_up(occasion, "AdminCreateUser", attributes.from_list(request.get("ValidationData")))
        force = bool(request.get("ForceAliasCreation"))
        await ctx.store.write(lambda tx: _store(tx, pool, user, force))
    if password and request.get("MessageAction") != "SUPPRESS":
        await invitations.send(occasion, password, request.get("DesiredDeliveryMediums") or ["SMS"])
    return {"User": users.described(user)}


def _passwordless(pool: Pool, request: Input) -> bool:
    """Whether the new user needs no password: a verified address is a first factor of the pool."""
    given = attributes.from_list(request.get("UserAttributes"))
    factors = {"email": first_factors.EMAIL, "phone_number": first_factors.SMS}
    return request.get("MessageAction") != "RESEND" and any(
        given.get(f"{name}_verified") == "true" and given.get(name) and factor in first_factors.allowed(pool)
        for name, factor in factors.items()
    )


def _new(ctx: Context, pool: Pool, request: Input, password: str) -> User:
    given = attributes.from_list(request.get("UserAttributes"))
    status = "FORCE_CHANGE_PASSWORD" if password else "CONFIRMED"
    user = usernames.new_user(ctx, pool, request["Username"], given, status)
    attributes.check(pool, given, creating=True)
    usernames.check_free(ctx.store, pool, user, "User account already exists")
    if password:
        passwords.setter(ctx, pool, user.username, password)(user)
    return user


def _store(tx: Transaction, pool: Pool, user: User, force: bool) -> None:
    usernames.check_free(tx, pool, user, "User account already exists")
    usernames.take_aliases(tx, pool, user, force=force)
    users.insert(tx, pool, user)


async def _renewed(ctx: Context, pool: Pool, name: str, password: str) -> User:
    user = users.require(ctx, pool, name)
    if user.status != "FORCE_CHANGE_PASSWORD":
        raise UnsupportedUserStateException(
            f"Resend not possible. {user.username} status is not FORCE_CHANGE_PASSWORD"
        )
    return await users.change(ctx, pool, user, passwords.setter(ctx, pool, user.username, password))
