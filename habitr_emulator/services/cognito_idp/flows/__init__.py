"""How a sign-in starts: one file for each AuthFlow.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_InitiateAuth.html
"""

from habitr_emulator.services.cognito_idp.errors import InvalidParameterException
from habitr_emulator.services.cognito_idp.flows.custom_auth import custom_auth
from habitr_emulator.services.cognito_idp.flows.refresh_token_auth import refresh_token_auth
from habitr_emulator.services.cognito_idp.flows.user_auth import user_auth
from habitr_emulator.services.cognito_idp.flows.user_password_auth import user_password_auth
from habitr_emulator.services.cognito_idp.flows.user_srp_auth import user_srp_auth
from habitr_emulator.services.cognito_idp.sign_in import Answer, Attempt

#: Old name of a flow: its present one.
_RENAMED = {"REFRESH_TOKEN": "REFRESH_TOKEN_AUTH", "ADMIN_NO_SRP_AUTH": "ADMIN_USER_PASSWORD_AUTH"}
_PUBLIC = {
    "USER_SRP_AUTH": user_srp_auth,
    "USER_PASSWORD_AUTH": user_password_auth,
    "REFRESH_TOKEN_AUTH": refresh_token_auth,
    "CUSTOM_AUTH": custom_auth,
    "USER_AUTH": user_auth,
}
_ADMIN = {
    "USER_SRP_AUTH": user_srp_auth,
    "ADMIN_USER_PASSWORD_AUTH": user_password_auth,
    "REFRESH_TOKEN_AUTH": refresh_token_auth,
    "CUSTOM_AUTH": custom_auth,
    "USER_AUTH": user_auth,
}
_DISABLED = {
    "USER_PASSWORD_AUTH": "USER_PASSWORD_AUTH flow not enabled for this client",
    "USER_SRP_AUTH": "USER_SRP_AUTH is not enabled for the client.",
}


async def start(attempt: Attempt, flow: str, *, admin: bool = False) -> Answer:
    """Start a sign-in by an AuthFlow.

    Raises InvalidParameterException if the flow is not enabled for the client or not for this operation, and what
    the flow raises.
    """
    name = _RENAMED.get(flow, flow)
    begin = (_ADMIN if admin else _PUBLIC).get(name)
    if begin is None:
        raise InvalidParameterException("Initiate Auth method not supported.")
    if not _enabled(attempt, name):
        raise InvalidParameterException(
            _DISABLED.get(name, "Auth flow not enabled for this client"),
            why=f"the client's ExplicitAuthFlows lack ALLOW_{name}",
        )
    return await begin(attempt)


def _enabled(attempt: Attempt, flow: str) -> bool:
    client = attempt.client
    legacy = not any(name.startswith("ALLOW_") for name in client.settings["ExplicitAuthFlows"])
    if legacy and flow in ("USER_SRP_AUTH", "REFRESH_TOKEN_AUTH"):
        return True
    if flow == "ADMIN_USER_PASSWORD_AUTH" and "ADMIN_NO_SRP_AUTH" in client.settings["ExplicitAuthFlows"]:
        return True
    if flow == "CUSTOM_AUTH" and "CUSTOM_AUTH_FLOW_ONLY" in client.settings["ExplicitAuthFlows"]:
        return True
    return client.allows(flow)
