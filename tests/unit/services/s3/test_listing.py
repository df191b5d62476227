"""Listings, against a model that does it the slow way."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.s3 import listing

Call = Callable[..., Awaitable[dict[str, Any]]]
Keys = st.lists(st.text("ab/é\U0010ffff\ud7ff", min_size=1, max_size=6), unique=True, max_size=12)


def seek_in(keys: list[str]) -> listing.Seek[dict[str, str]]:
    def seek(start: str, below: str) -> Iterator[dict[str, str]]:
        return iter([{"key": key} for key in sorted(keys) if key >= start and (not below or key < below)])

    return seek


def naive(keys: list[str], prefix: str, delimiter: str, after: str) -> list[tuple[str, bool]]:
    entries = set()
    for key in keys:
        if key.startswith(prefix):
            at = key.find(delimiter, len(prefix)) if delimiter else -1
            entries.add((key, False) if at < 0 else (key[: at + len(delimiter)], True))
    return sorted(entry for entry in entries if entry[0] > after)


@given(
    Keys,
    st.text("ab/\U0010ffff", max_size=3),
    st.sampled_from(["", "/", "a", "//"]),
    st.text("ab/", max_size=4),
    st.integers(1, 5),
)
@example(["a/b", "a/c", "b"], "", "/", "a/b", 1)
@example(["a\U0010ffff", "b"], "a\U0010ffff", "", "", 3)
def test_pages_are_the_naive_listing_cut(
    keys: list[str], prefix: str, delimiter: str, after: str, most: int
) -> None:
    expected = naive(keys, prefix, delimiter, after)
    found: list[tuple[str, bool]] = []
    for _ in range(len(expected) + 1):
        page = listing.page_of(seek_in(keys), prefix, delimiter, after, most)
        assert page.count <= most
        entries = [(row["key"], False) for row in page.rows] + [(name, True) for name in page.prefixes]
        found += sorted(entries)
        if not page.truncated:
            break
        assert page.count == most
        after = listing.entry_of(listing.token_of(page.last))
    assert found == expected


@given(st.text(max_size=4), st.text(max_size=6))
def test_a_successor_is_above_everything_that_begins_so(prefix: str, text: str) -> None:
    above = listing.successor(prefix)
    assert not above or prefix + text < above
    assert not above or text < prefix or text.startswith(prefix) or text >= above


async def put_all(s3: Call, *keys: str) -> None:
    for key in keys:
        await s3("put_object", Key=key, Body=b"x")


async def test_a_listing_of_the_second_kind(s3: Call) -> None:
    await put_all(s3, "a", "b/1", "b/2", "c+d e", "ü")
    page = await s3("list_objects_v2", Delimiter="/", MaxKeys=2)
    assert [item["Key"] for item in page["Contents"]] == ["a"]
    assert page["CommonPrefixes"] == [{"Prefix": "b/"}]
    assert (page["KeyCount"], page["MaxKeys"], page["IsTruncated"]) == (2, 2, True)
    assert "Owner" not in page["Contents"][0]
    rest = await s3(
        "list_objects_v2",
        Delimiter="/",
        ContinuationToken=page["NextContinuationToken"],
        EncodingType="url",
        FetchOwner=True,
    )
    assert [item["Key"] for item in rest["Contents"]] == ["c%2Bd+e", "%C3%BC"]
    assert (rest["KeyCount"], rest["IsTruncated"], rest["EncodingType"]) == (2, False, "url")
    assert "NextContinuationToken" not in rest
    assert len(rest["Contents"][0]["Owner"]["ID"]) == 64


async def test_a_listing_of_the_first_kind(s3: Call) -> None:
    await put_all(s3, "a", "b/1", "c")
    page = await s3("list_objects", Delimiter="/", MaxKeys=2)
    assert (page["Marker"], page["NextMarker"], page["IsTruncated"]) == ("", "b/", True)
    rest = await s3("list_objects", Delimiter="/", Marker="b/")
    assert ([item["Key"] for item in rest["Contents"]], rest["Marker"]) == (["c"], "b/")
    assert "NextMarker" not in await s3("list_objects", MaxKeys=1)


async def test_start_after_is_exclusive_and_prefix_is_not(s3: Call) -> None:
    await put_all(s3, "a", "a/b", "a/b/c", "b")
    page = await s3("list_objects_v2", Prefix="a/b", StartAfter="a/b")
    assert [item["Key"] for item in page["Contents"]] == ["a/b/c"]


async def test_no_keys_wanted_none_given(s3: Call) -> None:
    await put_all(s3, "a")
    page = await s3("list_objects_v2", MaxKeys=0)
    assert (page["Contents"], page["IsTruncated"], page["KeyCount"]) == ([], False, 0)


@pytest.mark.parametrize(
    "request_",
    [{"MaxKeys": -1}, {"ContinuationToken": ""}, {"ContinuationToken": "x!"}, {"ContinuationToken": "ü"}],
)
async def test_arguments_that_cannot_be(s3: Call, request_: dict[str, Any]) -> None:
    with pytest.raises(AwsError) as error:
        await s3("list_objects_v2", **request_)
    assert (error.value.code, error.value.status) == ("InvalidArgument", 400)
