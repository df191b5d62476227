"""Objects that templates meet beside JSON's: loops, entries, blocks, ``$ctx`` and ``$util``."""

from collections.abc import Callable, Mapping
from typing import Any

from habitr_emulator.services.appsync.vtl.printing import MAX_TEXT, LimitExceeded, show

MAX_TOTAL_ROUNDS = 100_000
MAX_DEPTH = 20
_ALIASES = {"args": "arguments"}

Rendering = Callable[[dict[str, Any], list[str], "Budget"], None]


class Stop(Exception):
    """``#stop``: the rest of the template is left out."""


class Budget:
    """What one rendering may still spend: rounds of loops, and depth of blocks, macros and ``#evaluate``."""

    __slots__ = ("depth", "rounds")

    def __init__(self) -> None:
        self.rounds = MAX_TOTAL_ROUNDS
        self.depth = MAX_DEPTH

    def spend(self, rounds: int) -> None:
        """Take rounds; raises LimitExceeded when none are left."""
        self.rounds -= rounds
        if self.rounds < 0:
            raise LimitExceeded(f"more than {MAX_TOTAL_ROUNDS} rounds of loops")


class Block:
    """A piece of template that renders when it prints: ``#define``, a macro's body."""

    __slots__ = ("budget", "function", "scope")

    def __init__(self, function: Rendering, scope: dict[str, Any], budget: Budget) -> None:
        self.function, self.scope, self.budget = function, scope, budget

    def render(self) -> str:
        """The text; raises LimitExceeded past ``MAX_DEPTH`` blocks inside each other."""
        self.budget.depth -= 1
        self.budget.spend(1)
        if self.budget.depth < 0:
            raise LimitExceeded(f"blocks nested deeper than {MAX_DEPTH} levels")
        out: list[str] = []
        self.function(self.scope, out, self.budget)
        self.budget.depth += 1
        return joined(out)


def joined(out: list[str]) -> str:
    """The pieces of an output; raises LimitExceeded past ``MAX_TEXT`` characters."""
    text = "".join(out)
    if len(text) > MAX_TEXT:
        raise LimitExceeded(f"a text of more than {MAX_TEXT} characters")
    return text


class Loop:
    """``$foreach``: where a loop stands."""

    __slots__ = ("index", "parent", "size")

    def __init__(self, size: int, parent: Any) -> None:
        self.index, self.size, self.parent = -1, size, parent


class Entry:
    """One entry of ``$map.entrySet()``."""

    __slots__ = ("key", "map")

    def __init__(self, key: Any, owner: dict[Any, Any]) -> None:
        self.key, self.map = key, owner

    def __str__(self) -> str:
        return f"{show(self.key)}={show(self.map.get(self.key))}"


class Deferred:
    """A value that is made when it is first looked at."""

    __slots__ = ("make",)

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make


class ContextMap(dict[str, Any]):
    """``$ctx``: a map in which ``args`` is another name of ``arguments``, and values may be ``Deferred``."""

    def get(self, key: str, default: Any = None) -> Any:
        """The value under a name or its other name."""
        value = dict.get(self, _ALIASES.get(key, key), default)
        if value.__class__ is Deferred:
            value = self[key] = value.make()
        return value

    def __setitem__(self, key: str, value: Any) -> None:
        dict.__setitem__(self, _ALIASES.get(key, key), value)

    def __getitem__(self, key: str) -> Any:
        return dict.__getitem__(self, _ALIASES.get(key, key))

    def settle(self) -> None:
        """Make every value that is still deferred (before the map is walked)."""
        for key in [key for key, value in self.items() if value.__class__ is Deferred]:
            self.get(key)


class Variables(dict[str, Any]):
    """A template's variables; one that was never set is null."""

    def __missing__(self, key: str) -> None:
        return None


class Namespace:
    """The functions of a ``$util`` namespace by their names in templates: ``pure`` ones, and ``bound`` ones
    that take the resolver's context first; ``parts`` are the namespaces inside it.
    """

    __slots__ = ("bound", "parts", "pure")

    def __init__(
        self,
        pure: Mapping[str, Callable[..., Any]],
        bound: Mapping[str, Callable[..., Any]] | None = None,
        parts: Mapping[str, "Namespace"] | None = None,
    ) -> None:
        self.pure, self.bound, self.parts = pure, bound or {}, parts or {}


class Tool:
    """A namespace with the context of the field that is being resolved: ``$util``, ``$util.time`` …"""

    __slots__ = ("_inside", "context", "namespace")

    def __init__(self, namespace: Namespace, context: Any) -> None:
        self.namespace, self.context = namespace, context
        self._inside: dict[str, Tool] = {}

    def call(self, name: str, arguments: tuple[Any, ...]) -> Any:
        """Call a function; null if there is none of this name."""
        pure = self.namespace.pure.get(name)
        if pure is not None:
            return pure(*arguments)
        bound = self.namespace.bound.get(name)
        return None if bound is None else bound(self.context, *arguments)

    def part(self, name: str) -> "Tool | None":
        """The namespace inside this one, or None."""
        found = self._inside.get(name)
        if found is None and name in self.namespace.parts:
            found = self._inside[name] = Tool(self.namespace.parts[name], self.context)
        return found
