"""CRC-32C and CRC-64/NVME in pure Python, at tens of megabytes a second.

A CRC is linear, so a message can be cut into lanes whose CRCs are computed side by side and folded afterwards. The
lanes' states are kept as byte planes: ``bytes.translate`` looks up a whole plane and XOR of big integers joins
planes, both in C. https://reveng.sourceforge.io/crc-catalogue/all.htm
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

_LANE = 256
_SHORT_LANE = 32


class _Tables(NamedTuple):
    width: int  # bytes
    entries: tuple[int, ...]
    planes: tuple[bytes, ...]


@lru_cache(maxsize=4)
def _tables(polynomial: int, width: int) -> _Tables:
    entries = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (polynomial if value & 1 else 0)
        entries.append(value)
    planes = tuple(bytes(entry >> 8 * plane & 255 for entry in entries) for plane in range(width))
    return _Tables(width, tuple(entries), planes)


class Crc:
    """A running CRC of ``width`` bytes with a reflected ``polynomial``, all ones before and after."""

    def __init__(self, polynomial: int, width: int) -> None:
        self._tables = _tables(polynomial, width)
        self._ones = (1 << 8 * width) - 1
        self._polynomial = polynomial
        self._state = self._ones

    def update(self, data: bytes) -> None:
        """Take more of the message."""
        lane = _LANE if len(data) >= 64 * _LANE else _SHORT_LANE
        lanes = len(data) // lane
        if lanes >= 32:
            states = _lane_states(self._tables, data, lanes, lane, self._state)
            self._state = _fold(_shift(self._polynomial, self._tables.width, lane), states)
            data = data[lanes * lane :]
        state, entries = self._state, self._tables.entries
        for byte in data:
            state = state >> 8 ^ entries[(state ^ byte) & 255]
        self._state = state

    def digest(self) -> bytes:
        """The CRC so far, big-endian."""
        return (self._state ^ self._ones).to_bytes(self._tables.width, "big")


def combine(polynomial: int, first: bytes, second: bytes, length: int) -> bytes:
    """The CRC of two messages on end, from their CRCs and the second one's length in bytes."""
    moved = _apply(_shift(polynomial, len(first), length), int.from_bytes(first, "big"))
    return (moved ^ int.from_bytes(second, "big")).to_bytes(len(first), "big")


def _lane_states(tables: _Tables, data: bytes, lanes: int, lane: int, state: int) -> list[int]:
    """The states of all lanes; the first one begins with ``state``, the others with zero."""
    end = lanes * lane
    planes = [state >> 8 * plane & 255 for plane in range(tables.width)] + [0]
    for offset in range(lane):
        row = int.from_bytes(data[offset:end:lane], "little")
        index = (planes[0] ^ row).to_bytes(lanes, "little")
        for number, table in enumerate(tables.planes):
            planes[number] = planes[number + 1] ^ int.from_bytes(index.translate(table), "little")
    columns = [plane.to_bytes(lanes, "little") for plane in planes[:-1]]
    return [int.from_bytes(bytes(column), "little") for column in zip(*columns, strict=True)]


def _fold(shift: Sequence[Sequence[int]], states: list[int]) -> int:
    folded = 0
    for state in states:
        folded = _apply(shift, folded) ^ state
    return folded


def _apply(shift: Sequence[Sequence[int]], value: int) -> int:
    moved = 0
    for table in shift:
        moved ^= table[value & 255]
        value >>= 8
    return moved


@lru_cache(maxsize=64)
def _shift(polynomial: int, width: int, length: int) -> tuple[tuple[int, ...], ...]:
    """What ``length`` zero bytes do to a state, as one table for each byte of the state."""
    entries = _tables(polynomial, width).entries
    power = [(1 << bit) >> 8 ^ entries[(1 << bit) & 255] for bit in range(8 * width)]
    moved = [1 << bit for bit in range(8 * width)]
    while length:
        if length & 1:
            moved = [_times(power, column) for column in moved]
        power = [_times(power, column) for column in power]
        length >>= 1
    return tuple(tuple(_times(moved, value << 8 * byte) for value in range(256)) for byte in range(width))


def _times(matrix: list[int], vector: int) -> int:
    product = 0
    for column in matrix:
        if vector & 1:
            product ^= column
        vector >>= 1
    return product
