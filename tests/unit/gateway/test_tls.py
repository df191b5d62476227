"""The emulator's certificates name what clients ask for, and are kept."""

import ipaddress
import ssl
from pathlib import Path

import pytest
from cryptography import x509

from habitr_emulator.gateway.tls import Certificates
from habitr_emulator.kernel.clock import Clock


def certificates(folder: Path, *hosts: str) -> Certificates:
    return Certificates(folder, Clock(), "eu-west-1", ["photos"], hosts or ["localhost"])


def names(folder: Path) -> x509.SubjectAlternativeName:
    leaf = x509.load_pem_x509_certificate((folder / "leaf.pem").read_bytes())
    return leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value


def accepted(folder: Path, made: Certificates, name: str) -> bool:
    """Whether a client that trusts the CA shakes hands under ``name``."""
    client = ssl.create_default_context(cadata=made.ca_pem())
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    server_end = made.context().wrap_bio(to_server, to_client, server_side=True)
    client_end = client.wrap_bio(to_client, to_server, server_hostname=name)
    for _ in range(4):
        for end in (client_end, server_end):
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLError:
                return False
    return client_end.version() is not None


@pytest.mark.parametrize(
    "name",
    [
        "localhost",
        "127.0.0.1",
        "::1",
        "10.0.2.2",
        "photos.localhost",
        "dynamodb.eu-west-1.amazonaws.com",
        "photos.s3.eu-west-1.amazonaws.com",
        "photos.s3.amazonaws.com",
        "abc.appsync-api.eu-west-1.amazonaws.com",
        "abc.appsync-realtime-api.eu-west-1.amazonaws.com",
        "abc.execute-api.eu-west-1.amazonaws.com",
        "habitr.auth.eu-west-1.amazoncognito.com",
        "192.168.7.7",
        "my-machine",
    ],
)
def test_clients_that_trust_the_ca_shake_hands_under_every_name(tmp_path: Path, name: str) -> None:
    made = certificates(tmp_path, "192.168.7.7", "my-machine")
    assert accepted(tmp_path, made, name)


@pytest.mark.parametrize("name", ["example.com", "amazonaws.com.example.com", "192.168.7.8"])
def test_other_names_are_not_claimed(tmp_path: Path, name: str) -> None:
    assert not accepted(tmp_path, certificates(tmp_path), name)


def test_addresses_are_addresses_and_names_are_names(tmp_path: Path) -> None:
    certificates(tmp_path, "192.168.7.7").context()
    assert ipaddress.ip_address("192.168.7.7") in names(tmp_path).get_values_for_type(x509.IPAddress)
    assert "192.168.7.7" not in names(tmp_path).get_values_for_type(x509.DNSName)


def test_the_authority_is_made_once_and_its_keys_are_private(tmp_path: Path) -> None:
    folder = tmp_path / "ca"
    first = certificates(folder)
    pem = first.ca_pem()
    first.context()
    again = certificates(folder)
    again.context()
    assert again.ca_pem() == pem
    assert sorted(path.name for path in folder.iterdir()) == ["ca-key.pem", "ca.pem", "leaf-key.pem", "leaf.pem"]
    for name in ("ca-key.pem", "leaf-key.pem"):
        assert (folder / name).stat().st_mode & 0o077 == 0


def test_the_authority_signs_no_further_authorities(tmp_path: Path) -> None:
    authority = x509.load_pem_x509_certificate(certificates(tmp_path).ca_pem().encode())
    constraints = authority.extensions.get_extension_for_class(x509.BasicConstraints)
    assert (constraints.critical, constraints.value.ca, constraints.value.path_length) == (True, True, 0)
