"""Packages that are made to hurt, and callers who want more rights than they have."""

import shutil
import struct
import zipfile
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.context import Caller, Context
from habitr_emulator.services.iam.authorize import authorize
from habitr_emulator.services.lambda_.code import check_package, unpack
from habitr_emulator.services.lambda_.errors import InvalidParameterValueException, InvalidZipFileException

Zipped = Callable[..., bytes]
ROLE = "arn:aws:iam::000000000000:role/powerful"


def with_lying_size(package: bytes) -> bytes:
    changed = bytearray(package)
    struct.pack_into("<I", changed, changed.rfind(b"PK\1\2") + 24, 1)
    return bytes(changed)


def with_other_content(package: bytes) -> bytes:
    return package.replace(b"pass", b"fail")


def encrypted(package: bytes) -> bytes:
    changed = bytearray(package)
    changed[changed.find(b"PK\3\4") + 6] |= 1
    changed[changed.find(b"PK\1\2") + 8] |= 1
    return bytes(changed)


def by_another_method(package: bytes) -> bytes:
    changed = bytearray(package)
    changed[changed.find(b"PK\3\4") + 8] = changed[changed.find(b"PK\1\2") + 10] = 99
    return bytes(changed)


def deep(package: bytes) -> bytes:
    buffer = BytesIO(package)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("/".join("d" * 1500), "")
    return buffer.getvalue()


@pytest.mark.parametrize("broken", [with_lying_size, with_other_content, encrypted, by_another_method, deep])
def test_a_package_that_cannot_be_unpacked_is_refused_and_leaves_nothing(
    zipped: Zipped, tmp_path: Path, broken: Callable[[bytes], bytes]
) -> None:
    package = broken(zipped("pass " * 500))
    check_package(package)
    with pytest.raises((InvalidZipFileException, OSError)):
        unpack(package, tmp_path / "code" / "root")
    assert list((tmp_path / "code").iterdir()) == []


def test_who_is_slower_to_unpack_leaves_the_other_ones_code(zipped: Zipped, tmp_path: Path) -> None:
    unpack(zipped("pass"), tmp_path / "root")
    unpack(zipped("fail"), tmp_path / "root")
    assert (tmp_path / "root" / "index.py").read_text() == "pass"
    assert [path.name for path in tmp_path.iterdir()] == ["root"]
    shutil.rmtree(tmp_path / "root")


@pytest.mark.parametrize("name", ["../evil", "/evil", "a/../../evil"])
def test_a_name_that_leads_outside_is_refused(zipped: Zipped, name: str) -> None:
    with pytest.raises(InvalidParameterValueException):
        check_package(zipped("", name))


@pytest.mark.parametrize("package", [b"no archive", "../evil"])
async def test_a_layer_is_checked_as_functions_are(ctx: Context, zipped: Zipped, package: bytes | str) -> None:
    content = {"ZipFile": zipped("", package) if isinstance(package, str) else package}
    with pytest.raises(InvalidParameterValueException):
        await ctx.services.lambda_.publish_layer_version({"LayerName": "evil", "Content": content})
    assert (await ctx.services.lambda_.list_layers({}))["Layers"] == []


def limited(ctx: Context, *actions: str) -> Context:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    return replace(ctx, caller=Caller("signed", arn="arn:aws:iam::000000000000:user/u", policies=(policy,)))


async def test_a_role_is_given_to_a_function_only_by_who_may_pass_it(ctx: Context, zipped: Zipped) -> None:
    request: dict[str, Any] = {"FunctionName": "g", "Runtime": "python3.11", "Handler": "index.f", "Role": ROLE}
    request["Code"] = {"ZipFile": zipped("")}
    ctx.account.authorizer = authorize
    call, mine = ctx.account.registry.call, limited(ctx, "lambda:*")
    with pytest.raises(AwsError, match="iam:PassRole"):
        await call("lambda_", "create_function", request, mine)
    await call("lambda_", "create_function", request, limited(ctx, "lambda:*", "iam:PassRole"))
    with pytest.raises(AwsError, match="iam:PassRole"):
        await call("lambda_", "update_function_configuration", {"FunctionName": "g", "Role": ROLE}, mine)
    await call("lambda_", "update_function_configuration", {"FunctionName": "g", "Timeout": 5}, mine)


def linked(links: dict[str, str]) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("d1/d2/file.txt", "content")
        for name, target in links.items():
            entry = zipfile.ZipInfo(name)
            entry.create_system, entry.external_attr = 3, 0o120777 << 16
            archive.writestr(entry, target)
    return buffer.getvalue()


def test_a_link_inside_a_package_stays_one(tmp_path: Path) -> None:
    unpack(linked({"here": "d1/d2/file.txt", "d1/up": "../d1/d2"}), tmp_path / "code")
    assert (tmp_path / "code" / "here").is_symlink()
    assert (tmp_path / "code" / "here").read_text() == "content"
    assert (tmp_path / "code" / "d1" / "up" / "file.txt").read_text() == "content"


@pytest.mark.parametrize(
    "links",
    [{"out": "/etc/passwd"}, {"out": "../../x"}, {"d1/d2/top": "../..", "out": "d1/d2/top/.."}],
)
def test_a_link_that_leads_outside_is_refused_and_leaves_nothing(tmp_path: Path, links: dict[str, str]) -> None:
    with pytest.raises(InvalidZipFileException):
        unpack(linked(links), tmp_path / "code")
    assert list(tmp_path.iterdir()) == []
