"""Lucene's regular expressions as automata: matching takes time in proportion to the word, whatever the pattern.

Python's ``re`` backtracks, so that a short pattern can keep the whole process busy; this cannot.
Known: characters, escaped by a backslash if need be, ``.``, ``[a-z]``, ``[^a-z]``, ``( )``, ``|``, and the
repetitions ``?``, ``*``, ``+``, ``{n}``, ``{n,}``, ``{n,m}``.

https://opensearch.org/docs/latest/query-dsl/regex-syntax/
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

#: OpenSearch's index.max_regex_length.
LONGEST = 1000
#: States of an automaton: OpenSearch's limit of determinized states.
MOST_STATES = 10_000

Accepts = Callable[[str], bool]
_COUNT = re.compile(r"\{(\d+)(?:(,)(\d*))?\}")


class BadPattern(ValueError):
    """Not a regular expression, or too large a one."""


@dataclass(slots=True)
class _State:
    """``accepts`` None is a state without a character: its followers are reached at once."""

    accepts: Accepts | None = None
    after: list["_State"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of the automaton: where it begins and where it ends."""

    first: _State
    last: _State


#: Makes a fresh piece; repetitions need several of the same.
_Maker = Callable[[], _Part]


class Pattern:
    """A regular expression, anchored at both ends. Raises BadPattern."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST:
            raise BadPattern(f"The length of regex [{len(text)}] is longer than {LONGEST}")
        self._text, self._at, self._states = text, 0, 0
        maker = self._alternatives(0)
        if self._at < len(text):
            raise BadPattern(f"unexpected {text[self._at]!r} at position {self._at}")
        self._whole = maker()

    def matches(self, word: str) -> bool:
        """Whether the whole word is of the pattern."""
        current = _reached([self._whole.first])
        for character in word:
            following = [
                after
                for state in current
                if state.accepts is not None and state.accepts(character)
                for after in state.after
            ]
            current = _reached(following)
            if not current:
                return False
        return any(state is self._whole.last for state in current)

    def _state(self, accepts: Accepts | None = None) -> _State:
        self._states += 1
        if self._states > MOST_STATES:
            raise BadPattern(f"the pattern needs more than {MOST_STATES} states")
        return _State(accepts)

    def _peek(self) -> str:
        return self._text[self._at] if self._at < len(self._text) else ""

    def _take(self) -> str:
        character = self._peek()
        if not character:
            raise BadPattern("unexpected end of the pattern")
        self._at += 1
        return character

    def _alternatives(self, depth: int) -> _Maker:
        if depth > 50:
            raise BadPattern("parentheses nested too deeply")
        makers = [self._sequence(depth)]
        while self._peek() == "|":
            self._take()
            makers.append(self._sequence(depth))
        return makers[0] if len(makers) == 1 else lambda: self._either(makers)

    def _either(self, makers: list[_Maker]) -> _Part:
        first, last = self._state(), self._state()
        for maker in makers:
            part = maker()
            first.after.append(part.first)
            part.last.after.append(last)
        return _Part(first, last)

    def _sequence(self, depth: int) -> _Maker:
        makers = []
        while self._peek() not in ("", "|", ")"):
            makers.append(self._repeated(depth))
        return lambda: self._joined(makers)

    def _joined(self, makers: Iterable[_Maker]) -> _Part:
        first = last = self._state()
        for maker in makers:
            part = maker()
            last.after.append(part.first)
            last = part.last
        return _Part(first, last)

    def _repeated(self, depth: int) -> _Maker:
        maker = self._atom(depth)
        while self._peek() in ("?", "*", "+", "{") and self._peek():
            maker = self._times(maker, *self._bounds())
        return maker

    def _bounds(self) -> tuple[int, int | None]:
        """At least and (None: without end) at most how often."""
        sign = self._peek()
        if sign != "{":
            self._take()
            return {"?": (0, 1), "*": (0, None), "+": (1, None)}[sign]
        match = _COUNT.match(self._text, self._at)
        if match is None:
            raise BadPattern(f"bad repetition at position {self._at}")
        self._at = match.end()
        least = int(match[1])
        return least, least if not match[2] else int(match[3]) if match[3] else None

    def _times(self, maker: _Maker, least: int, most: int | None) -> _Maker:
        if max(least, most or 0) > LONGEST:
            raise BadPattern(f"a repetition of more than {LONGEST} times")

        def make() -> _Part:
            makers = [maker] * least
            if most is None:
                makers.append(lambda: self._loop(maker))
            else:
                makers += [lambda: self._optional(maker)] * (most - least)
            return self._joined(makers)

        return make

    def _loop(self, maker: _Maker) -> _Part:
        hub, part = self._state(), maker()
        hub.after.append(part.first)
        part.last.after.append(hub)
        return _Part(hub, hub)

    def _optional(self, maker: _Maker) -> _Part:
        first, last, part = self._state(), self._state(), maker()
        first.after += [part.first, last]
        part.last.after.append(last)
        return _Part(first, last)

    def _atom(self, depth: int) -> _Maker:
        character = self._take()
        match character:
            case "(":
                maker = self._alternatives(depth + 1)
                if self._take() != ")":
                    raise BadPattern("a parenthesis is not closed")
                return maker
            case "[":
                return self._one(self._set())
            case ".":
                return self._one(lambda _: True)
            case "*" | "+" | "?" | "{":
                raise BadPattern(f"nothing to repeat at position {self._at - 1}")
            case "\\":
                character = self._take()
        return self._one(lambda given, wanted=character: given == wanted)  # type: ignore[misc]

    def _one(self, accepts: Accepts) -> _Maker:
        def make() -> _Part:
            first, last = self._state(accepts), self._state()
            first.after.append(last)
            return _Part(first, last)

        return make

    def _set(self) -> Accepts:
        negated = self._peek() == "^"
        if negated:
            self._take()
        ranges: list[tuple[str, str]] = []
        while (character := self._take()) != "]" or not ranges:
            low = self._take() if character == "\\" else character
            high = low
            if self._peek() == "-" and self._text[self._at + 1 : self._at + 2] not in ("]", ""):
                self._take()
                high = self._take()
            ranges.append((low, high))
        return lambda given: any(low <= given <= high for low, high in ranges) is not negated


def wildcard(text: str) -> Pattern:
    """``*`` is any text, ``?`` one character. Raises BadPattern."""
    signs = {"*": ".*", "?": "."}
    return Pattern("".join(signs.get(each) or (each if each.isalnum() else f"\\{each}") for each in text))


def _reached(states: Iterable[_State]) -> list[_State]:
    """The states and all that follow them without a character."""
    found: dict[int, _State] = {}
    waiting = list(states)
    while waiting:
        state = waiting.pop()
        if id(state) not in found:
            found[id(state)] = state
            if state.accepts is None:
                waiting.extend(state.after)
    return list(found.values())
