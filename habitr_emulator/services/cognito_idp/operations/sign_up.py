"""SignUp: a new user registers and is sent a code.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SignUp.html
"""

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.cognito_idp import (
    attributes,
    auth_events,
    codes,
    first_factors,
    messages,
    passwords,
    pools,
    sessions,
    usernames,
    users,
)
from habitr_emulator.services.cognito_idp.errors import InvalidParameterException, NotAuthorizedException
from habitr_emulator.services.cognito_idp.pools import Client, Pool, Reader
from habitr_emulator.services.cognito_idp.triggers import Occasion
from habitr_emulator.services.cognito_idp.triggers.post_confirmation import post_confirmation
from habitr_emulator.services.cognito_idp.triggers.pre_sign_up import pre_sign_up
from habitr_emulator.services.cognito_idp.users import User
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.PUBLIC)
async def sign_up(request: Input, ctx: Context) -> Output:
    """Make an UNCONFIRMED user (CONFIRMED if PreSignUp says so) and send the code to an auto-verified address.

    Raises ResourceNotFoundException, NotAuthorizedException, InvalidPasswordException, InvalidParameterException,
    UsernameExistsException, and what the triggers raise.
    """
    pool, client = pools.of_client(ctx, request["ClientId"])
    pools.require_secret_hash(client, request["Username"], request.get("SecretHash"))
    given = attributes.from_list(request.get("UserAttributes"))
    user = _checked(ctx, pool, client, request, given)
    if request.get("Password"):
        passwords.setter(ctx, pool, user.username, request["Password"])(user)
    occasion = Occasion(ctx, pool, user, client.id, request.get("ClientMetadata") or {})
    await pre_sign_up(occasion, "SignUp", attributes.from_list(request.get("ValidationData")))
    destination = messages.for_sign_up(pool, user) if user.status == "UNCONFIRMED" else None
    if destination is not None and not user.verified(destination.attribute):
        user.attributes.setdefault(f"{destination.attribute}_verified", "false")
    await ctx.store.write(lambda tx: _store(tx, pool, user))
    await auth_events.record(ctx, pool, user, auth_events.SIGNED_UP)
    output: Output = {"UserConfirmed": user.status == "CONFIRMED", "UserSub": user.sub}
    if client.allows("USER_AUTH"):
        step = sessions.SIGNED_UP if user.status == "CONFIRMED" else sessions.SIGNING_UP
        output["Session"] = await sessions.make(ctx, client, (user.username, user.sub), step, {})
    if user.status == "CONFIRMED":
        await post_confirmation(occasion, "ConfirmSignUp")
    elif destination is not None:
        output["CodeDeliveryDetails"] = await codes.send(occasion, codes.SIGN_UP, destination)
    return output


def _checked(ctx: Context, pool: Pool, client: Client, request: Input, given: dict[str, str]) -> User:
    """The user to be, after every check that needs no trigger."""
    if pool.settings["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"]:
        raise NotAuthorizedException("SignUp is not permitted for this user pool")
    user = usernames.new_user(ctx, pool, request["Username"], given, "UNCONFIRMED")
    if request.get("Password"):
        passwords.check_policy(pool, request["Password"])
    elif not first_factors.passwordless(pool):
        raise InvalidParameterException(
            "Missing required parameter Password", why="the pool has no first factor without a password"
        )
    attributes.check(pool, given, client=client, creating=True)
    attributes.check_required(pool, user.attributes)
    _check_free(ctx.store, pool, user)
    return user


def _check_free(reader: Reader, pool: Pool, user: User) -> None:
    """Asked before PreSignUp runs, and again when the user is stored."""
    usernames.check_free(reader, pool, user, "User already exists")


def _store(tx: Transaction, pool: Pool, user: User) -> None:
    _check_free(tx, pool, user)
    usernames.take_aliases(tx, pool, user, force=True)
    users.insert(tx, pool, user)
