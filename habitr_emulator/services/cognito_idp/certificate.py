"""The self-signed certificate of a pool's signing key, for SAML providers."""

import hashlib
from base64 import b64encode
from datetime import UTC, datetime, timedelta

from habitr_emulator.services.cognito_idp.keys import Keyring
from habitr_emulator.services.cognito_idp.pools import Pool
from habitr_emulator.services.context import Context

_YEARS = 10


async def of(ctx: Context, pool: Pool) -> str:
    """The certificate as base64 of DER; it depends on the pool and its key alone."""
    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import Encoding

    key = (await ctx.account.part(Keyring).pair(pool.id))["id"].private
    name = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, ctx.account.region)])
    begins = datetime.fromtimestamp(int(pool.created_at), UTC)
    serial = int.from_bytes(hashlib.sha256(pool.id.encode()).digest()[:16], "big") | 1
    builder = x509.CertificateBuilder(name, name, key.public_key(), serial)
    builder = builder.not_valid_before(begins).not_valid_after(begins + timedelta(days=365 * _YEARS))
    return b64encode(builder.sign(key, SHA256()).public_bytes(Encoding.DER)).decode()
