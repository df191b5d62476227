"""Passkeys of users: registering them and signing in with them.

https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-authentication-flow-methods.html#amazon-cognito-user-pools-authentication-flow-methods-passkey
"""

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson

from habitr_emulator.kernel.store import Row, Transaction
from habitr_emulator.services.cognito_idp import passkeys, users
from habitr_emulator.services.cognito_idp.errors import (
    InvalidParameterException,
    LimitExceededException,
    ResourceNotFoundException,
    WebAuthnChallengeNotFoundException,
    WebAuthnConfigurationMissingException,
    WebAuthnNotEnabledException,
)
from habitr_emulator.services.cognito_idp.keys import Keyring
from habitr_emulator.services.cognito_idp.pools import Pool, Reader
from habitr_emulator.services.cognito_idp.sign_in import Answer, Attempt
from habitr_emulator.services.cognito_idp.users import User
from habitr_emulator.services.context import Context

#: How long a registration may take, and how many passkeys a user may have.
SECONDS = 300
MOST = 20
_CHALLENGE_BYTES = 32
_PURPOSE = "web authn registration"


def configuration(ctx: Context, pool: Pool) -> tuple[str, str]:
    """The relying party's id (by default the pool's domain) and ``required`` or ``preferred`` user verification.

    Raises WebAuthnNotEnabledException, WebAuthnConfigurationMissingException.
    """
    if "WEB_AUTHN" not in (pool.settings["Policies"]["SignInPolicy"].get("AllowedFirstAuthFactors") or ()):
        raise WebAuthnNotEnabledException(why="the pool's AllowedFirstAuthFactors lack WEB_AUTHN")
    config = (pool.settings.get("Factors") or {}).get("WebAuthnConfiguration") or {}
    domain = ctx.store.one("SELECT domain FROM cognito_idp_domains WHERE user_pool_id = ?", (pool.id,))
    relying_party = config.get("RelyingPartyId") or (domain and domain["domain"])
    if not relying_party:
        raise WebAuthnConfigurationMissingException(
            why="set WebAuthnConfiguration.RelyingPartyId (localhost, say)"
        )
    return str(relying_party), str(config.get("UserVerification") or "preferred")


async def creation_options(ctx: Context, pool: Pool, user: User) -> dict[str, Any]:
    """CredentialCreationOptions. The challenge is a sealed note: nothing is stored for it."""
    relying_party, verification = configuration(ctx, pool)
    note = {"s": user.sub, "i": ctx.ids.uuid(), "x": ctx.clock.now() + SECONDS}
    challenge = await ctx.account.part(Keyring).seal(_PURPOSE, note)
    return {
        "rp": {"id": relying_party, "name": relying_party},
        "user": {"id": passkeys.encoded(user.sub.encode()), "name": user.username, "displayName": user.username},
        "challenge": passkeys.encoded(challenge),
        "pubKeyCredParams": [{"type": "public-key", "alg": alg} for alg in (passkeys.ES256, passkeys.RS256)],
        "timeout": SECONDS * 1000,
        "excludeCredentials": _descriptors(credentials(ctx.store, user, "", MOST)),
        "authenticatorSelection": {
            "residentKey": "required",
            "requireResidentKey": True,
            "userVerification": verification,
        },
        "attestation": "none",
        "extensions": {"credProps": True},
    }


async def register(ctx: Context, pool: Pool, user: User, credential: Mapping[str, Any]) -> None:
    """Keep a new passkey. ``credential`` is a PublicKeyCredential as JSON.

    Raises InvalidParameterException, LimitExceededException and the WebAuthn errors.
    """
    relying_party, verification = configuration(ctx, pool)
    response = _response(credential)
    challenge, note = await _registering(ctx, user, response)
    expected = passkeys.Expected(challenge, relying_party, verification == "required")
    said, key, algorithm = passkeys.registered(response, expected)
    transports = [str(name)[:32] for name in response.get("transports") or ()][:8]
    attachment = credential.get("authenticatorAttachment")
    row = (user.pool_id, user.username, passkeys.encoded(said.credential_id), f"{relying_party} passkey", key,
           algorithm, said.count, relying_party, str(attachment)[:32] if attachment else None,
           orjson.dumps(transports).decode(), ctx.clock.now())  # fmt: skip
    spent = (hashlib.sha256(str(note["i"]).encode()).hexdigest(), note["x"])

    def write(tx: Transaction) -> None:
        users.again(tx, user)
        if tx.execute("INSERT OR IGNORE INTO cognito_idp_spent VALUES (?, 0, ?)", spent).rowcount != 1:
            raise WebAuthnChallengeNotFoundException(why="the challenge was used before")
        if len(credentials(tx, user, "", MOST)) >= MOST:
            raise LimitExceededException(why=f"a user may have {MOST} passkeys")
        sql = "INSERT OR REPLACE INTO cognito_idp_web_authn_credentials VALUES (?,?,?,?,?,?,?,?,?,?,?)"
        tx.execute(sql, row)

    await ctx.store.write(write)


async def _registering(ctx: Context, user: User, response: Mapping[str, Any]) -> tuple[bytes, dict[str, Any]]:
    """The challenge that a response answers, if it was made for this user and is fresh."""
    try:
        client_data = orjson.loads(passkeys.decoded(response.get("clientDataJSON")))
        challenge = passkeys.decoded(client_data["challenge"])
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidParameterException("clientDataJSON is malformed.") from error
    note = await ctx.account.part(Keyring).unseal(_PURPOSE, challenge)
    if note is None or note["s"] != user.sub or note["x"] <= ctx.clock.now():
        raise WebAuthnChallengeNotFoundException(why="call StartWebAuthnRegistration again")
    return challenge, note


async def ask(attempt: Attempt, user: User) -> Answer:
    """The challenge WEB_AUTHN, with CREDENTIAL_REQUEST_OPTIONS."""
    relying_party, verification = configuration(attempt.ctx, attempt.pool)
    challenge = passkeys.encoded(attempt.ctx.ids.bytes(_CHALLENGE_BYTES))
    options = {
        "challenge": challenge,
        "timeout": attempt.client.session_seconds * 1000,
        "rpId": relying_party,
        "allowCredentials": _descriptors(credentials(attempt.ctx.store, user, "", MOST)),
        "userVerification": verification,
    }
    parameters = {"CREDENTIAL_REQUEST_OPTIONS": orjson.dumps(options).decode()}
    kept = {"challenge": challenge}
    answer = await attempt.challenge(user, "WEB_AUTHN", parameters, kept)
    return {**answer, "AvailableChallenges": ["WEB_AUTHN"]}


def proved(
    ctx: Context, pool: Pool, user: User, challenge: str, credential: Mapping[str, Any]
) -> tuple[str, int] | None:
    """The id of the passkey that signed ``challenge`` and its counter; None if none of the user's did.

    Raises InvalidParameterException and the WebAuthn errors.
    """
    relying_party, verification = configuration(ctx, pool)
    given = credential.get("rawId") or credential.get("id")
    row = ctx.store.one(
        """SELECT * FROM cognito_idp_web_authn_credentials
           WHERE user_pool_id = ? AND username = ? AND credential_id = ?""",
        (user.pool_id, user.username, passkeys.encoded(passkeys.decoded(given))),
    )
    if row is None:
        return None
    expected = passkeys.Expected(passkeys.decoded(challenge), relying_party, verification == "required")
    said = passkeys.asserted(_response(credential), expected, (row["public_key"], row["algorithm"]))
    # A counter that does not grow is a copied authenticator; passkeys that are synchronised stay at 0.
    if said is None or ((said.count or row["sign_count"]) and said.count <= row["sign_count"]):
        return None
    return row["credential_id"], said.count


async def used(ctx: Context, user: User, credential: tuple[str, int]) -> None:
    """Note a passkey's counter."""
    sql = """UPDATE cognito_idp_web_authn_credentials SET sign_count = max(sign_count, ?)
             WHERE user_pool_id = ? AND username = ? AND credential_id = ?"""
    row = (credential[1], user.pool_id, user.username, credential[0])
    await ctx.store.write(lambda tx: tx.execute(sql, row).rowcount)


async def forget(ctx: Context, user: User, credential_id: str) -> None:
    """Remove a passkey; raises ResourceNotFoundException."""
    sql = """DELETE FROM cognito_idp_web_authn_credentials
             WHERE user_pool_id = ? AND username = ? AND credential_id = ?"""
    row = (user.pool_id, user.username, credential_id)
    if not await ctx.store.write(lambda tx: tx.execute(sql, row).rowcount):
        raise ResourceNotFoundException("The credential does not exist.")


def credentials(reader: Reader, user: User, after: str, limit: int) -> list[Row]:
    """A page of a user's passkeys, in order of their ids."""
    sql = """SELECT * FROM cognito_idp_web_authn_credentials
             WHERE user_pool_id = ? AND username = ? AND credential_id > ? ORDER BY credential_id LIMIT ?"""
    return reader.all(sql, (user.pool_id, user.username, after, limit))


def described(row: Row) -> dict[str, Any]:
    """WebAuthnCredentialDescription."""
    attachment = {"AuthenticatorAttachment": row["attachment"]} if row["attachment"] else {}
    return {
        "CredentialId": row["credential_id"],
        "FriendlyCredentialName": row["name"],
        "RelyingPartyId": row["relying_party_id"],
        "AuthenticatorTransports": orjson.loads(row["transports"]),
        "CreatedAt": row["created_at"],
        **attachment,
    }


def _descriptors(rows: list[Row]) -> list[dict[str, Any]]:
    return [
        {"type": "public-key", "id": row["credential_id"], "transports": orjson.loads(row["transports"])}
        for row in rows
    ]


def _response(credential: Mapping[str, Any]) -> Mapping[str, Any]:
    response = credential.get("response")
    if not isinstance(response, dict):
        raise InvalidParameterException("The credential is malformed.")
    return response
