"""What an authenticator says, read and checked as WebAuthn Level 2 wants it; pure.

https://www.w3.org/TR/webauthn-2/#sctn-registering-a-new-credential and #sctn-verifying-assertion
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import orjson

from habitr_emulator.services.cognito_idp import cbor
from habitr_emulator.services.cognito_idp.errors import (
    InvalidParameterException,
    WebAuthnClientMismatchException,
    WebAuthnCredentialNotSupportedException,
    WebAuthnOriginNotAllowedException,
    WebAuthnRelyingPartyMismatchException,
)

ES256, RS256 = -7, -257
_PRESENT, _VERIFIED, _ATTESTED = 1, 4, 64
_ANDROID = "android:apk-key-hash:"
_LONGEST = 16 * 1024


@dataclass(frozen=True, slots=True)
class Expected:
    """What a proof must be about: the challenge (bytes), the relying party, whether the person is verified."""

    challenge: bytes
    relying_party: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Said:
    """Authenticator data. ``credential_id`` and ``cose_key`` only at registration."""

    raw: bytes
    flags: int
    count: int
    credential_id: bytes = b""
    cose_key: Mapping[Any, Any] | None = None


def registered(response: Mapping[str, Any], expected: Expected) -> tuple[Said, bytes, int]:
    """A new credential: what was said, its public key (DER) and its algorithm.

    The options ask for no attestation, so none is judged. Raises InvalidParameterException or a WebAuthn error.
    """
    _check_client_data(response, "webauthn.create", expected)
    try:
        attestation = cbor.decode(_part(response, "attestationObject"))
        said = _said(attestation["authData"])
    except (cbor.Malformed, KeyError, TypeError) as error:
        raise InvalidParameterException("The attestation object is malformed.") from error
    _check_flags(said, expected)
    if said.cose_key is None:
        raise InvalidParameterException("The attestation object has no credential.")
    return said, *_public_key(said.cose_key)


def asserted(response: Mapping[str, Any], expected: Expected, key: tuple[bytes, int]) -> Said | None:
    """What the holder of a credential said; None if the signature is not by its key (DER, algorithm).

    Raises InvalidParameterException or a WebAuthn error.
    """
    client_data = _check_client_data(response, "webauthn.get", expected)
    data = _part(response, "authenticatorData")
    try:
        said = _said(data)
    except (cbor.Malformed, TypeError) as error:
        raise InvalidParameterException("The authenticator data is malformed.") from error
    _check_flags(said, expected)
    signed = data + hashlib.sha256(client_data).digest()
    return said if _signed(key, _part(response, "signature"), signed) else None


def encoded(data: bytes) -> str:
    """Bytes as WebAuthn's JSON has them."""
    return urlsafe_b64encode(data).decode().rstrip("=")


def decoded(text: Any) -> bytes:
    """Bytes from WebAuthn's JSON; raises InvalidParameterException."""
    if not isinstance(text, str) or len(text) > _LONGEST:
        raise InvalidParameterException("The credential is malformed.")
    try:
        return urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except ValueError as error:
        raise InvalidParameterException("The credential is malformed.") from error


def _part(response: Mapping[str, Any], name: str) -> bytes:
    return decoded(response.get(name))


def _check_client_data(response: Mapping[str, Any], kind: str, expected: Expected) -> bytes:
    raw = _part(response, "clientDataJSON")
    try:
        data = orjson.loads(raw)
    except ValueError as error:
        raise InvalidParameterException("clientDataJSON is malformed.") from error
    if not isinstance(data, dict) or data.get("type") != kind:
        raise InvalidParameterException("clientDataJSON is malformed.", why=f"its type must be {kind}")
    if not hmac.compare_digest(decoded(data.get("challenge")), expected.challenge):
        raise WebAuthnClientMismatchException(why="the challenge is not the one that was sent")
    if not _may_ask(str(data.get("origin") or ""), expected.relying_party):
        raise WebAuthnOriginNotAllowedException(why=f"the origin {data.get('origin')} is not of the relying party")
    return raw


def _may_ask(origin: str, relying_party: str) -> bool:
    """Whether a page or app of this origin may use the relying party's credentials (http only on localhost)."""
    if origin.startswith(_ANDROID):
        return True  # guess: which apps may ask stands in the domain's assetlinks.json, which is not here
    parts = urlsplit(origin)
    host = parts.hostname or ""
    secure = parts.scheme == "https" or (parts.scheme == "http" and host.rpartition(".")[2] == "localhost")
    return secure and (host == relying_party or host.endswith("." + relying_party))


def _said(data: bytes) -> Said:
    if not isinstance(data, bytes) or len(data) < 37:
        raise cbor.Malformed("authenticator data has at least 37 bytes")
    flags, count = data[32], int.from_bytes(data[33:37], "big")
    if not flags & _ATTESTED:
        return Said(data, flags, count)
    size = int.from_bytes(data[53:55], "big")
    if not size or len(data) < 55 + size:
        raise cbor.Malformed("the credential's id is cut short")
    key, _ = cbor.decode_first(data[55 + size :])
    if not isinstance(key, dict):
        raise cbor.Malformed("the credential's key is no map")
    return Said(data, flags, count, data[55 : 55 + size], key)


def _check_flags(said: Said, expected: Expected) -> None:
    right = hashlib.sha256(expected.relying_party.encode()).digest()
    if not hmac.compare_digest(said.raw[:32], right):
        raise WebAuthnRelyingPartyMismatchException
    if not said.flags & _PRESENT or (expected.verified and not said.flags & _VERIFIED):
        raise InvalidParameterException("The authenticator did not verify the user.")


def _public_key(cose: Mapping[Any, Any]) -> tuple[bytes, int]:
    """A COSE key as DER, and its algorithm; raises WebAuthnCredentialNotSupportedException."""
    from cryptography.hazmat.primitives.asymmetric import ec, rsa
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    try:
        key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey
        if (cose.get(1), cose.get(3), cose.get(-1)) == (2, ES256, 1):
            x, y = (int.from_bytes(cose[part], "big") for part in (-2, -3))
            key = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
        elif (cose.get(1), cose.get(3)) == (3, RS256):
            n, e = (int.from_bytes(cose[part], "big") for part in (-1, -2))
            key = rsa.RSAPublicNumbers(e, n).public_key()
        else:
            raise WebAuthnCredentialNotSupportedException(why="the key is neither ES256 nor RS256")
    except (KeyError, ValueError, TypeError) as error:
        raise WebAuthnCredentialNotSupportedException(why="the key is malformed") from error
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo), int(cose[3])


def _signed(key: tuple[bytes, int], signature: bytes, data: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    public = load_der_public_key(key[0])
    try:
        if isinstance(public, EllipticCurvePublicKey):
            public.verify(signature, data, ECDSA(SHA256()))
        elif isinstance(public, RSAPublicKey):
            public.verify(signature, data, PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return isinstance(public, EllipticCurvePublicKey | RSAPublicKey)
