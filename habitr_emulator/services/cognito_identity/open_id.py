"""OpenID tokens of identities: what STS exchanges for credentials.

The pool service has one RSA key for the account; the public half is published for STS, as AWS publishes it under
the issuer's address.
https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetOpenIdToken.html
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.cognito_identity import principal_tags
from habitr_emulator.services.cognito_identity.logins import Login
from habitr_emulator.services.cognito_identity.open_id_claims import ISSUER, PUBLIC_KEY
from habitr_emulator.services.cognito_identity.pools import Pool
from habitr_emulator.services.context import Account, Context

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

LIFETIME = 600
DEVELOPER_LIFETIME = 900
_TAGS = "https://aws.amazon.com/tags"
_KEY_ID = "identity-pools"
_PRIVATE = "cognito_identity/private-key"


class SigningKey:
    """The account's key for OpenID tokens; made when first needed, kept with the state."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._making = asyncio.Lock()
        self._key: RSAPrivateKey | None = None
        self._made: RSAPrivateKey | None = None
        account.bus.subscribe("store.restored", lambda _: setattr(self, "_key", None))

    async def get(self) -> "RSAPrivateKey":
        """The private key."""
        if self._key is None:
            async with self._making:
                self._key = self._key or self._stored() or await self._make()
        return self._key

    def _stored(self) -> "RSAPrivateKey | None":
        from cryptography.hazmat.primitives.serialization import load_der_private_key

        row = self._account.store.one("SELECT value FROM kernel_secrets WHERE name = ?", (_PRIVATE,))
        if row is None:
            return None
        key = load_der_private_key(row["value"], None, unsafe_skip_rsa_key_validation=True)
        return cast("RSAPrivateKey", key)

    async def _make(self) -> "RSAPrivateKey":
        if self._made is None:
            self._made = await asyncio.to_thread(_generated)
        pairs = list(zip((_PRIVATE, PUBLIC_KEY), _encoded(self._made), strict=True))

        def write(tx: Transaction) -> None:
            tx.executemany("INSERT OR REPLACE INTO kernel_secrets (name, value) VALUES (?, ?)", pairs)

        await self._account.store.write(write)
        return self._made


def _generated() -> "RSAPrivateKey":
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

    return generate_private_key(65537, 2048)


def _encoded(key: "RSAPrivateKey") -> tuple[bytes, bytes]:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return private, key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


async def token(
    ctx: Context,
    pool: Pool,
    identity_id: str,
    logins: Sequence[Login],
    *,
    seconds: int = LIFETIME,
    tags: Mapping[str, str] | None = None,
) -> str:
    """A signed statement (RS512) that this identity of this pool is here, as a guest or by these logins.

    ``tags`` become tags of the sessions that STS gives for it; by default those that the pool's maps make.
    """
    import jwt

    now = int(ctx.clock.now())
    amr = ["authenticated", *(name for login in logins for name in login.amr)] if logins else ["unauthenticated"]
    claims = {
        "sub": identity_id,
        "aud": pool.id,
        "amr": list(dict.fromkeys(amr)),
        "iss": ISSUER,
        "https://cognito-identity.amazonaws.com/identity-pool-arn": ctx.account.arn(
            "cognito-identity", f"identitypool/{pool.id}"
        ),
        "exp": now + seconds,
        "iat": now,
    }
    carried = principal_tags.of_logins(ctx, pool, logins) if tags is None else tags
    if carried:
        claims[_TAGS] = {"principal_tags": {key: [value] for key, value in carried.items()}}
    key = await ctx.account.part(SigningKey).get()
    return jwt.encode(claims, key, algorithm="RS512", headers={"kid": _KEY_ID})
