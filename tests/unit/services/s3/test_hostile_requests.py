"""Requests that are made to hurt."""

import pytest

from habitr_emulator.services.s3.errors import InvalidArgument
from tests.unit.services.s3.conftest import Call


@pytest.mark.parametrize("value", ["a\r\nSet-Cookie: x=1", "a\nb", "a\x00b"])
async def test_a_header_that_a_request_asks_for_cannot_end_its_line(s3: Call, value: str) -> None:
    await s3("put_object", Key="k", Body=b"x")
    with pytest.raises(InvalidArgument):
        await s3("get_object", Key="k", ResponseContentDisposition=value)
    kept = await s3("get_object", Key="k", ResponseContentDisposition="attachment")
    assert kept["ContentDisposition"] == "attachment"


async def test_a_range_with_thousands_of_digits_is_no_range(s3: Call) -> None:
    await s3("put_object", Key="k", Body=b"hello")
    assert (await s3("get_object", Key="k", Range="bytes=0-" + "9" * 5000))["Body"] == b"hello"
    assert (await s3("get_object", Key="k", Range="bytes=1-" + "9" * 18))["Body"] == b"ello"
