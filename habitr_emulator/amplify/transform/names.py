"""How generated names are made. https://docs.amplify.aws/gen1/javascript/build-a-backend/graphqlapi/"""

import hashlib
from collections.abc import Sequence

from habitr_emulator.amplify.transform.plurals import pluralize

#: AppSync refuses longer names of subscription fields.
_LONGEST_SUBSCRIPTION = 50


def upper(name: str) -> str:
    """The name with its first letter in upper case."""
    return name[:1].upper() + name[1:]


def lower(name: str) -> str:
    """The name with its first letter in lower case."""
    return name[:1].lower() + name[1:]


def camel(parts: Sequence[str]) -> str:
    """``["zone", "score"]`` -> ``zoneScore``."""
    return lower(parts[0]) + "".join(map(upper, parts[1:]))


def operation(verb: str, type_name: str) -> str:
    """The name of ``get``, ``list``, ``sync``, ``create``, ``update``, ``delete`` or a subscription."""
    if verb in ("list", "sync", "search"):
        return verb + pluralize(upper(type_name))
    return verb + upper(type_name)


def subscription(verb: str, type_name: str) -> str:
    """``onCreateHabit``; a name over 50 characters becomes its first 45 and 5 hex digits of its MD5."""
    name = operation(verb, type_name)
    if len(name) <= _LONGEST_SUBSCRIPTION:
        return name
    return name[:45] + hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()[:5]


def connection(type_name: str, *, listed: bool = False) -> str:
    """The type of a page of models; that of ``list`` (``listed``) has the name's first letter in upper case."""
    return f"Model{upper(type_name) if listed else type_name}Connection"


def filter_input(type_name: str, *, listed: bool = False) -> str:
    """The type of filters; that of ``list`` (``listed``) has the name's first letter in upper case."""
    return f"Model{upper(type_name) if listed else type_name}FilterInput"


def condition_input(type_name: str) -> str:
    """The type of mutation conditions."""
    return f"Model{upper(type_name)}ConditionInput"


def subscription_filter(type_name: str) -> str:
    """The type of subscription filters."""
    return f"ModelSubscription{upper(type_name)}FilterInput"


def mutation_input(verb: str, type_name: str) -> str:
    """``CreateHabitInput``."""
    return f"{upper(verb)}{upper(type_name)}Input"


def composite_key(type_name: str, index: str | None) -> str:
    """The stem of the inputs of a composite sort key: ``ModelOrderByShopStateAmountCompositeKey``."""
    return f"Model{type_name}{upper(index or 'Primary')}CompositeKey"
