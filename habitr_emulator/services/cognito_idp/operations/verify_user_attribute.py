"""VerifyUserAttribute: redeem the code that verifies an address of the user.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_VerifyUserAttribute.html
"""

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.cognito_idp import attributes, codes, token_issue, usernames
from habitr_emulator.services.cognito_idp.users import User
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.TOKEN)
async def verify_user_attribute(request: Input, ctx: Context) -> Output:
    """Verify the address; one that waited for its code becomes the user's now.

    Raises NotAuthorizedException, CodeMismatchException, ExpiredCodeException, AliasExistsException.
    """
    pool, _, user = await token_issue.signed_in(ctx, request["AccessToken"])
    name = request["AttributeName"]

    def verify(tx: Transaction, fresh: User, redeemed: codes.Redeemed) -> None:
        attributes.check_free(tx, pool, {name: redeemed.value}, fresh.username)
        fresh.attributes[name] = redeemed.value
        fresh.attributes[f"{name}_verified"] = "true"
        usernames.take_aliases(tx, pool, fresh, force=False)

    await codes.redeem(ctx, pool, user, (codes.VERIFY, request["Code"], name), verify)
    return {}
