"""GetSessionToken: temporary credentials for the user or administrator who asks.

https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
"""

from habitr_emulator.kernel.errors import NotBuilt
from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import credentials
from habitr_emulator.services.registry import Input, Output, operation
from habitr_emulator.services.sts.errors import AccessDenied

_USER_SECONDS, _ROOT_SECONDS = 43_200, 3600


@operation()
async def get_session_token(request: Input, ctx: Context) -> Output:
    """Credentials that may do what their owner may, but nothing of IAM, and of STS only AssumeRole and
    GetCallerIdentity; no policy can deny the call. Raises AccessDenied to sessions.
    """
    if request.get("SerialNumber") or request.get("TokenCode"):
        raise NotBuilt("MFA devices of IAM are not built in habitr-emulator.", why="not built: IAM MFA")
    if ctx.caller.kind == "signed" and ctx.caller.access_key_id.startswith("ASIA"):
        raise AccessDenied("Cannot call GetSessionToken with session credentials")
    seconds = request.get("DurationSeconds") or _USER_SECONDS
    if ctx.caller.root:
        seconds = min(seconds, _ROOT_SECONDS)
    user = "" if ctx.caller.root else str(ctx.caller.conditions["aws:username"])
    return {"Credentials": credentials.issue_to_user(ctx.account, user, ctx.caller.user_id, seconds)}
