"""DEVICE_SRP_AUTH: a remembered device begins to prove itself."""

from habitr_emulator.services.cognito_idp import devices, sessions, srp_exchange
from habitr_emulator.services.cognito_idp.errors import NotAuthorizedException
from habitr_emulator.services.cognito_idp.sign_in import Answer, Attempt


async def device_srp_auth(attempt: Attempt) -> Answer:
    """Ask for DEVICE_PASSWORD_VERIFIER.

    Raises InvalidParameterException, NotAuthorizedException, ResourceNotFoundException.
    """
    session, user = await attempt.opened("DEVICE_SRP_AUTH")
    attempt.parameter("DEVICE_KEY")
    device = devices.presented(attempt, user)
    if device is None or device.salt is None or device.verifier is None:
        raise NotAuthorizedException(why="the device gave no password verifier to ConfirmDevice")
    secret = (device.salt, device.verifier)
    note = {"u": user.username, "d": device.key}
    parameters = await srp_exchange.begin(attempt, srp_exchange.DEVICE, secret, note)
    parameters |= {"USERNAME": user.username, "DEVICE_KEY": device.key}
    await sessions.used(attempt.ctx, session)
    return await attempt.challenge(user, "DEVICE_PASSWORD_VERIFIER", parameters)
