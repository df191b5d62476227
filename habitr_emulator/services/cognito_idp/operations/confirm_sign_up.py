"""ConfirmSignUp: redeem the code that SignUp sent and confirm the user.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ConfirmSignUp.html
"""

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.cognito_idp import codes, pools, sessions, strangers, usernames, users
from habitr_emulator.services.cognito_idp.errors import NotAuthorizedException
from habitr_emulator.services.cognito_idp.pools import Client
from habitr_emulator.services.cognito_idp.sessions import Session
from habitr_emulator.services.cognito_idp.triggers import Occasion
from habitr_emulator.services.cognito_idp.triggers.post_confirmation import post_confirmation
from habitr_emulator.services.cognito_idp.users import User
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.PUBLIC)
async def confirm_sign_up(request: Input, ctx: Context) -> Output:
    """Confirm the user and verify the address that the code went to; then PostConfirmation runs.

    A client with USER_AUTH gets a Session that signs the user in at once (Amplify sends none and relies on it).
    The user stays confirmed when the trigger fails. Raises UserNotFoundException, NotAuthorizedException,
    CodeMismatchException, ExpiredCodeException, LimitExceededException, AliasExistsException, and what the
    trigger raises.
    """
    pool, client = pools.of_client(ctx, request["ClientId"])
    pools.require_secret_hash(client, request["Username"], request.get("SecretHash"))
    user = users.for_code(ctx, pool, client, request["Username"])
    if user is None:
        raise await strangers.refusal(ctx, pool, request["Username"], codes.SIGN_UP)
    force = bool(request.get("ForceAliasCreation"))

    def confirm(tx: Transaction, fresh: User, redeemed: codes.Redeemed) -> None:
        fresh.status = "CONFIRMED"
        if fresh.attributes.get(redeemed.attribute) == redeemed.value:
            fresh.attributes[f"{redeemed.attribute}_verified"] = "true"
        usernames.take_aliases(tx, pool, fresh, force=force)

    session = await _session(ctx, client, request, user)
    if user.status != "UNCONFIRMED":
        raise NotAuthorizedException(f"User cannot be confirmed. Current status is {user.status}")
    confirmed = await codes.redeem(ctx, pool, user, (codes.SIGN_UP, request["ConfirmationCode"], ""), confirm)
    metadata = request.get("ClientMetadata") or {}
    await post_confirmation(Occasion(ctx, pool, confirmed, client.id, metadata), "ConfirmSignUp")
    if session is not None:
        await sessions.used(ctx, session)
    elif not client.allows("USER_AUTH"):
        return {}
    who = (confirmed.username, confirmed.sub)
    return {"Session": await sessions.make(ctx, client, who, sessions.SIGNED_UP, {})}


async def _session(ctx: Context, client: Client, request: Input, user: User) -> Session | None:
    """The Session of the user's SignUp, if one was passed; raises NotAuthorizedException if it is another's.

    guess: who waited too long with the code is confirmed all the same, only not signed in without being asked.
    """
    if not request.get("Session"):
        return None
    try:
        session = await sessions.opened(ctx, client, request["Session"], sessions.SIGNING_UP)
    except NotAuthorizedException as error:
        if error.message.endswith("session is expired."):
            return None
        raise
    if session.sub != user.sub:
        raise NotAuthorizedException("Invalid session for the user.", why="the Session is another user's")
    return session
