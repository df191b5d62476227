"""AdminUpdateAuthEventFeedback: an administrator says whether an event was the user.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminUpdateAuthEventFeedback.html
"""

from habitr_emulator.services.cognito_idp import auth_events, pools, users
from habitr_emulator.services.cognito_idp.errors import ResourceNotFoundException
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:AdminUpdateAuthEventFeedback", resources=pools.resource)
async def admin_update_auth_event_feedback(request: Input, ctx: Context) -> Output:
    """Note the judgement.

    Raises UserPoolAddOnNotEnabledException, UserNotFoundException, ResourceNotFoundException.
    """
    pool = pools.require(ctx, request["UserPoolId"])
    user = users.require(ctx, pool, request["Username"])
    auth_events.require(pool)
    if not await auth_events.give_feedback(ctx, user, request["EventId"], request["FeedbackValue"]):
        raise ResourceNotFoundException("Event not found.")
    return {}
