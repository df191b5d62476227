"""Who hears what: the live subscriptions of an account."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from habitr_emulator.services.appsync.realtime.filters import arguments_match, filter_matches
from habitr_emulator.services.context import Account


class Listener(Protocol):
    """The connection of a subscriber. Neither call waits for the network."""

    def data(self, id_: str, payload: str) -> None:
        """Queue an event."""

    def complete(self, id_: str) -> None:
        """Tell that the subscription has ended."""


@dataclass(slots=True, eq=False)
class Subscription:
    """One live subscription. ``plan`` (of its selection set, for its kind of caller) is shared by all who sent
    the same document; ``arguments`` are those that the subscriber gave; with a ``filter`` they do not count.
    ``expires`` is when its credentials end, by the emulator's clock.
    """

    api_id: str
    field: str
    id: str
    listener: Listener
    plan: Any
    arguments: Mapping[str, Any]
    filter: Mapping[str, Any] | None = None
    invalidation: Mapping[str, Any] | None = None
    expires: float | None = None

    def hears(self, event: Any) -> bool:
        """Is the event (field names and values of the mutation's answer) for this subscriber?"""
        if self.filter is not None:
            return filter_matches(self.filter, event)
        return not self.arguments or arguments_match(self.arguments, event)

    def wish(self) -> str:
        """What it wants to hear, for a trace."""
        wanted = self.filter if self.filter is not None else self.arguments
        kind = "filter" if self.filter is not None else "arguments"
        return f"{self.id}: its {kind} {dict(wanted)} do not match"


class Subscriptions:
    """The registry; in memory, as subscriptions live as long as their connections."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._by_field: dict[tuple[str, str], dict[Subscription, None]] = {}

    def add(self, subscription: Subscription) -> None:
        """Let a subscriber hear."""
        self._by_field.setdefault((subscription.api_id, subscription.field), {})[subscription] = None

    def remove(self, subscription: Subscription) -> None:
        """Let a subscriber hear no more."""
        found = self._by_field.get((subscription.api_id, subscription.field))
        if found is not None:
            found.pop(subscription, None)
            if not found:
                del self._by_field[subscription.api_id, subscription.field]

    def has(self, api_id: str, field: str) -> bool:
        """Does anybody listen to a subscription field?"""
        return (api_id, field) in self._by_field

    def hearing(self, api_id: str, field: str, event: Any) -> tuple[list[Subscription], list[Subscription]]:
        """The subscribers of a field that an event is for, oldest first, and those that it is not for."""
        reached: list[Subscription] = []
        missed: list[Subscription] = []
        for subscription in self._by_field.get((api_id, field), ()):
            (reached if subscription.hears(event) else missed).append(subscription)
        return reached, missed

    def invalidate(self, api_id: str, wanted: Mapping[str, Any]) -> int:
        """``$extensions.invalidateSubscriptions``: end those whose invalidation filter meets the payload.

        ``wanted``: ``{"subscriptionField": …, "payload": {…}}``. Returns how many ended.
        """
        field, payload = str(wanted.get("subscriptionField", "")), wanted.get("payload") or {}
        ended = 0
        for subscription in tuple(self._by_field.get((api_id, field), ())):
            if subscription.invalidation is not None and filter_matches(subscription.invalidation, payload):
                self.remove(subscription)
                subscription.listener.complete(subscription.id)
                ended += 1
        return ended
