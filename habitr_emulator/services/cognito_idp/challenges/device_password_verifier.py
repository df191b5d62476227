"""DEVICE_PASSWORD_VERIFIER: a remembered device's proof of its own password, in place of a second factor."""

from habitr_emulator.services.cognito_idp import devices, passwords, sessions, srp_exchange
from habitr_emulator.services.cognito_idp.flows.custom_auth import passed
from habitr_emulator.services.cognito_idp.sign_in import Answer, Attempt


async def device_password_verifier(attempt: Attempt) -> Answer:
    """Check the proof and sign in. Raises as DEVICE_SRP_AUTH does."""
    session, user = await attempt.opened("DEVICE_PASSWORD_VERIFIER")
    key = attempt.parameter("DEVICE_KEY")
    proof = await srp_exchange.sent(attempt, srp_exchange.DEVICE)
    device = devices.require(attempt.ctx.store, user, key)
    group = await devices.group_key(attempt.ctx, user, key)
    meant = proof.note["u"] == user.username and proof.note["d"] == key
    right = await proof.proves(group, key, device.verifier or b"") and meant
    user = await passwords.prove(attempt.ctx, attempt.pool, user, lambda _: right)
    await sessions.used(attempt.ctx, session)
    return await passed(attempt, user, "DEVICE_PASSWORD_VERIFIER", "AuthenticateDevice")
