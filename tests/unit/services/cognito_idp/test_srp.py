"""SRP against test vectors that independent clients agree with."""

import base64
import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from habitr_emulator.services.cognito_idp import srp

A = int.from_bytes(hashlib.sha512(b"client-private").digest() * 2, "big")
B = int.from_bytes(hashlib.sha512(b"server-private").digest() * 2, "big")
STAMP = "Sat Nov 7 09:05:03 UTC 2026"
VECTORS = [
    (
        "00c3a5d1f4b27e98016d5a4c3b2f1e0d",
        "29e38f2bbfae3e48fdffba353095a97ca65e19f7cd2e4624d938067e14ee4195",
        "0c28d838c8d7fcb8648018282db9c77c72dc38c297c296fd967b70bd9d288409",
        "4393af4476d08ea8df78cf2b9f2047c801ed702056cd027d39c0a6705761e393",
        "ca9300534567bfeca63b958b46a98232dcff0b89c7b483e2a52dd0a9b3acd499",
        "16a791ab910a42ffcd457797ef3d8797",
        "0PFO4MBufJ9ZZL7DwyYjUg747Ll+xo7/a5p07HUGN3M=",
    ),
    (
        "7f3a9c0de1b24f6880a1b2c3d4e5f607",
        "36251e6359716ddf2eae301ae54cd22bb04736ef324a35b97c72514cd6db748a",
        "cde3c6b2eca6e8803fcd416c0fa92145214e40da2b4a7be4b2dc527eb02f22ad",
        "2ec24ead659a22a1d8fc4a0ae6e33cb1f4038599f839e91f06dc21c0332558c7",
        "fa4cf7cfdf3efad2fe9d7dd04a3eb761e12f12bc4394fa8efd89e58c350fc6d5",
        "ebf9fb341db0e1bb02a5fef01161b0ba",
        "aevoZp0IBmZqp1Bi9R+gx51RXo0JsJI+mkeJW//SAuU=",
    ),
    (
        "f1e2d3c4b5a697887766554433221100",
        "64c8b72117bbfab39c79e7e43d19b405c8820f8fe55d9e19ea9a9e16dbcc87be",
        "4cb9f076b2babdf2cd83e919478f9fdc95544622d785a526f8aa2edbc89b7c8a",
        "8f7a67f2cd66bbdbaf8245fa773dc3b44f338dbf6aa51be73f68a55b19cae2c4",
        "2acd344bb3da0d13683f1dac907f5321df21657429d73a904b149ac903c94e4e",
        "a57c64a48eeed9b35233aea5b17477ed",
        "GGypfPM4tB9q6G0j8qpV8OZWE74cYvtwUaEwv4GbpEg=",
    ),
]


def digest(number: int) -> str:
    return hashlib.sha256(srp.pad(number)).hexdigest()


def test_the_multiplier_is_the_hash_of_the_group() -> None:
    assert f"{srp.K:x}" == "538282c4354742d7cbbde2359fcf67f9f5b3a6b08791e5011b43b8a5b66d9ee6"


@pytest.mark.parametrize(("salt", "x", "b_public", "u", "secret", "key", "signature"), VECTORS)
def test_an_exchange_agrees_with_the_vectors(
    salt: str, x: str, b_public: str, u: str, secret: str, key: str, signature: str
) -> None:
    private = srp.private_key("AbCdEf123", "alice", "habitr-pass-1", bytes.fromhex(salt))
    v, a_public = srp.verifier(private), pow(2, A, srp.N)
    public = srp.public_value(v, B)
    scrambler = srp.scrambler(a_public, public)
    shared = srp.shared_secret(a_public, v, scrambler, B)
    session = srp.session_key(shared, scrambler)
    claim = srp.claim(session, "AbCdEf123", "alice", b"opaque-secret-block", STAMP)
    assert f"{private:064x}" == x
    assert digest(a_public) == "bd8a5b694870c34cff683182fad2c5f725d35ce2ef08b3396bfe2d0c9128b256"
    assert (digest(public), f"{scrambler:064x}", digest(shared)) == (b_public, u, secret)
    assert (session.hex(), base64.b64encode(claim).decode()) == (key, signature)


@given(st.integers(min_value=0, max_value=2**2000))
def test_a_padded_number_is_minimal_and_never_negative(number: int) -> None:
    padded = srp.pad(number)
    assert int.from_bytes(padded, "big", signed=True) == number
    assert len(padded) == 1 or padded[0] != 0 or padded[1] >= 0x80


@settings(max_examples=10, deadline=None)
@given(st.integers(min_value=0, max_value=2**3100), st.integers(min_value=0, max_value=2**256))
@pytest.mark.parametrize("means", [srp._by_gmpy2, srp._by_openssl])
def test_every_means_of_raising_agrees_with_python(means: object, base: int, exponent: int) -> None:
    try:
        power = means()  # type: ignore[operator]
    except ImportError:
        pytest.skip("not installed")
    assert power(base, exponent) == pow(base, exponent, srp.N)


def test_raising_falls_back_to_python(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent() -> srp.Power:
        raise ImportError

    monkeypatch.setattr(srp, "_by_gmpy2", absent)
    monkeypatch.setattr(srp, "_by_openssl", absent)
    srp.power.cache_clear()
    try:
        assert srp.power()(7, 12345) == pow(7, 12345, srp.N)
    finally:
        srp.power.cache_clear()


@given(st.integers(0, 2**srp.SECRET_BITS - 1))
def test_powers_of_g_are_those_of_the_definition(exponent: int) -> None:
    assert srp.power_of_g(exponent) == pow(srp.G, exponent, srp.N)
