"""The emulator's own certificate authority, and the leaf certificates that it signs.

The CA is made once in ``<data folder>/ca`` (key 0600) and never installed anywhere by itself. Leaves name what
clients ask for: localhost, the Android emulator's address, the buckets under ``.localhost``, and AWS's own host
names for clients that come through the CONNECT door or a hosts file.
"""

import ipaddress
import os
import ssl
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from habitr_emulator.kernel.clock import Clock

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec

CA_DAYS = 3650
LEAF_DAYS = 397
ADDRESSES = ("127.0.0.1", "::1", "10.0.2.2")


def served_names(region: str, buckets: Iterable[str]) -> list[str]:
    """The DNS names that a leaf must carry; a wildcard matches one label only."""
    return [
        "localhost",
        "*.localhost",
        *(f"{bucket}.localhost" for bucket in buckets),
        "*.amazonaws.com",
        f"*.{region}.amazonaws.com",
        "*.s3.amazonaws.com",
        f"*.s3.{region}.amazonaws.com",
        f"*.appsync-api.{region}.amazonaws.com",
        f"*.appsync-realtime-api.{region}.amazonaws.com",
        f"*.execute-api.{region}.amazonaws.com",
        f"*.auth.{region}.amazoncognito.com",
    ]


class Certificates:
    """Makes and keeps the CA and the leaf of one emulator."""

    def __init__(
        self, folder: Path, clock: Clock, region: str, buckets: Iterable[str], hosts: Iterable[str]
    ) -> None:
        self._folder = folder
        self._clock = clock
        names = [*served_names(region, buckets), *(host for host in hosts if not _is_address(host))]
        addresses = [*ADDRESSES, *(host for host in hosts if _is_address(host))]
        self._names, self._addresses = list(dict.fromkeys(names)), list(dict.fromkeys(addresses))
        self._context: ssl.SSLContext | None = None

    def ca_pem(self) -> str:
        """The CA's certificate, to be trusted by clients."""
        self._authority()
        return (self._folder / "ca.pem").read_text()

    def context(self) -> ssl.SSLContext:
        """The server side of TLS; made on first use, as most sessions never need it."""
        if self._context is None:
            self._write_leaf()
            made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            made.minimum_version = ssl.TLSVersion.TLSv1_2
            made.load_cert_chain(self._folder / "leaf.pem", self._folder / "leaf-key.pem")
            made.set_alpn_protocols(["http/1.1"])
            self._context = made
        return self._context

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock.real(), UTC)

    def _authority(self) -> "tuple[x509.Certificate, ec.EllipticCurvePrivateKey]":
        from cryptography import x509
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import ec

        certificate, key = self._folder / "ca.pem", self._folder / "ca-key.pem"
        if certificate.exists() and key.exists():
            loaded = x509.load_pem_x509_certificate(certificate.read_bytes())
            private = serialization.load_pem_private_key(key.read_bytes(), None)
            if isinstance(private, ec.EllipticCurvePrivateKey) and loaded.not_valid_after_utc > self._now():
                return loaded, private
        return self._make_authority()

    def _make_authority(self) -> "tuple[x509.Certificate, ec.EllipticCurvePrivateKey]":
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec

        key = ec.generate_private_key(ec.SECP256R1())
        name = _name("habitr-emulator local CA")
        made = (
            _builder(name, name, self._now(), CA_DAYS)
            .public_key(key.public_key())
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_key_usage(sign_certificates=True), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(key, hashes.SHA256())
        )
        self._folder.mkdir(parents=True, exist_ok=True)
        _write(self._folder / "ca-key.pem", _private_pem(key), 0o600)
        _write(self._folder / "ca.pem", _public_pem(made), 0o644)
        return made, key

    def _write_leaf(self) -> None:
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.x509.oid import ExtendedKeyUsageOID

        authority, authority_key = self._authority()
        key = ec.generate_private_key(ec.SECP256R1())
        names: list[x509.GeneralName] = [x509.DNSName(name) for name in self._names]
        names += [x509.IPAddress(ipaddress.ip_address(address)) for address in self._addresses]
        leaf = (
            _builder(_name("localhost"), authority.subject, self._now(), LEAF_DAYS)
            .public_key(key.public_key())
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(sign_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False
            )
            .sign(authority_key, hashes.SHA256())
        )
        _write(self._folder / "leaf-key.pem", _private_pem(key), 0o600)
        _write(self._folder / "leaf.pem", _public_pem(leaf), 0o644)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _name(common_name: str) -> "x509.Name":
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _builder(subject: "x509.Name", issuer: "x509.Name", now: datetime, days: int) -> "x509.CertificateBuilder":
    from cryptography import x509

    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=days))
    )


def _key_usage(*, sign_certificates: bool) -> "x509.KeyUsage":
    from cryptography import x509

    return x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=sign_certificates,
        crl_sign=sign_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _private_pem(key: "ec.EllipticCurvePrivateKey") -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _public_pem(certificate: "x509.Certificate") -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.PEM)


def _write(path: Path, content: bytes, mode: int) -> None:
    aside = path.with_suffix(".partial")
    aside.unlink(missing_ok=True)
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    aside.replace(path)
