"""ForgotPassword: send a code with which a user can set a new password.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ForgotPassword.html
"""

from collections.abc import Mapping

from habitr_emulator.services.cognito_idp import auth_events, codes, messages, pools, recovery, strangers, users
from habitr_emulator.services.cognito_idp.errors import (
    InvalidParameterException,
    NotAuthorizedException,
    UserNotFoundException,
)
from habitr_emulator.services.cognito_idp.messages import Destination
from habitr_emulator.services.cognito_idp.pools import Client, Pool
from habitr_emulator.services.cognito_idp.triggers import Occasion
from habitr_emulator.services.cognito_idp.triggers.user_migration import migrates, user_migration
from habitr_emulator.services.cognito_idp.users import User
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.PUBLIC)
async def forgot_password(request: Input, ctx: Context) -> Output:
    """Send the code to the first verified address of the pool's recovery setting; the old password still works.

    Raises UserNotFoundException, InvalidParameterException, NotAuthorizedException, and what the triggers raise.
    """
    pool, client = pools.of_client(ctx, request["ClientId"])
    pools.require_secret_hash(client, request["Username"], request.get("SecretHash"))
    metadata = request.get("ClientMetadata") or {}
    user = await _known_or_migrated(ctx, pool, client, request["Username"], metadata)
    try:
        destination = _destination(pool, user)
    except (NotAuthorizedException, InvalidParameterException):
        if not client.hides_users:
            raise
        destination = None
    if user is None or destination is None:
        await strangers.pretend_to_send(ctx, pool, request["Username"], codes.RESET)
        medium = recovery.preferred(pool)
        return {"CodeDeliveryDetails": await messages.pretended(ctx, request["Username"], medium)}
    occasion = Occasion(ctx, pool, user, client.id, metadata)
    sent = await codes.send(occasion, codes.RESET, destination)
    await auth_events.record(ctx, pool, user, auth_events.FORGOT)
    return {"CodeDeliveryDetails": sent}


def _destination(pool: Pool, user: User | None) -> Destination | None:
    """Where the code goes; None for somebody unknown.

    A refusal tells that the user exists, so a client that hides users does not pass it on.

    https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-managing-errors.html
    """
    if user is None:
        return None
    if not user.enabled:
        raise NotAuthorizedException("User is disabled.")
    if user.status in ("FORCE_CHANGE_PASSWORD", "EXTERNAL_PROVIDER"):
        raise NotAuthorizedException("User password cannot be reset in the current state.")
    return recovery.destination(pool, user)


async def _known_or_migrated(
    ctx: Context, pool: Pool, client: Client, name: str, metadata: Mapping[str, str]
) -> User | None:
    if users.find(ctx.store, pool, name) is not None or not migrates(pool):
        return users.for_code(ctx, pool, client, name)
    stranger = strangers.stranger(ctx, pool, name)
    try:
        return await user_migration(Occasion(ctx, pool, stranger, client.id, metadata), "ForgotPassword")
    except UserNotFoundException:
        return users.for_code(ctx, pool, client, name)
