"""What a lifecycle configuration must be to be kept.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from habitr_emulator.services.s3.errors import InvalidArgument, InvalidRequest, MalformedXML
from habitr_emulator.services.s3.lifecycle import DAY, has_size, prefix_of

MOST_RULES, LONGEST_ID = 1000, 255
_ACTIONS = (
    "Expiration", "NoncurrentVersionExpiration", "Transitions", "NoncurrentVersionTransitions",
    "AbortIncompleteMultipartUpload",
)  # fmt: skip
_INFREQUENT = ("STANDARD_IA", "ONEZONE_IA")
_INFREQUENT_DAYS = 30


def checked(listed: Sequence[Mapping[str, Any]], new_id: Callable[[], str]) -> list[dict[str, Any]]:
    """The rules with their ids (``new_id`` makes missing ones); raises MalformedXML, InvalidArgument,
    InvalidRequest.
    """
    if not 1 <= len(listed) <= MOST_RULES:
        raise MalformedXML
    rules = [{**rule, "ID": rule.get("ID") or new_id()} for rule in listed]
    ids = [rule["ID"] for rule in rules]
    if any(len(each) > LONGEST_ID for each in ids):
        raise InvalidArgument(f"ID length should not exceed allowed limit of {LONGEST_ID}")
    if len(set(ids)) < len(ids):
        raise InvalidArgument("Rule ID must be unique. Found same ID for more than one rule")
    for rule in rules:
        _check(rule)
    return rules


def _check(rule: Mapping[str, Any]) -> None:
    if ("Filter" in rule) == ("Prefix" in rule):
        raise MalformedXML
    _check_filter(rule.get("Filter") or {})
    if not any(rule.get(name) is not None for name in _ACTIONS):
        raise InvalidRequest("At least one action needs to be specified in a rule")
    if "Expiration" in rule:
        _check_expiration(rule["Expiration"], tagged=_is_tagged(rule))
    _check_noncurrent(rule.get("NoncurrentVersionExpiration"), "NoncurrentVersionExpiration")
    for transition in rule.get("NoncurrentVersionTransitions", ()):
        if "StorageClass" not in transition:
            raise MalformedXML
        _check_noncurrent(transition, "NoncurrentVersionTransition")
    _check_transitions(rule)
    abort = rule.get("AbortIncompleteMultipartUpload")
    if abort is not None:
        _check_abort(rule, abort)


def _check_filter(asked: Mapping[str, Any]) -> None:
    if len(asked) > 1:
        raise MalformedXML
    both = asked.get("And")
    if both is not None and len(both) + max(0, len(both.get("Tags", ())) - 1) < 2:
        raise MalformedXML
    sizes = both if both is not None else asked
    least, most = sizes.get("ObjectSizeGreaterThan"), sizes.get("ObjectSizeLessThan")
    if least is not None and most is not None and least >= most:
        raise InvalidRequest("'ObjectSizeLessThan' has to be a value greater than 'ObjectSizeGreaterThan'.")


def _is_tagged(rule: Mapping[str, Any]) -> bool:
    asked = rule.get("Filter") or {}
    return "Tag" in asked or bool((asked.get("And") or {}).get("Tags"))


def _check_expiration(expiration: Mapping[str, Any], *, tagged: bool) -> None:
    if len(expiration) != 1:
        raise MalformedXML
    if "Days" in expiration and expiration["Days"] <= 0:
        raise InvalidArgument("'Days' for Expiration action must be a positive integer")
    if "Date" in expiration:
        _check_midnight(expiration["Date"])
    if "ExpiredObjectDeleteMarker" in expiration and tagged:
        raise InvalidRequest("ExpiredObjectDeleteMarker cannot be specified with Tags.")


def _check_midnight(at: float) -> None:
    if at % DAY:
        raise InvalidArgument("'Date' must be at midnight GMT")


def _check_noncurrent(action: Mapping[str, Any] | None, name: str) -> None:
    if action is None:
        return
    if "NoncurrentDays" not in action:
        raise MalformedXML
    if action["NoncurrentDays"] < (name == "NoncurrentVersionExpiration"):
        raise InvalidArgument(f"'NoncurrentDays' for {name} action must be a positive integer")
    newer = action.get("NewerNoncurrentVersions")
    if newer is not None and not 1 <= newer <= 100:
        raise InvalidArgument(f"'NewerNoncurrentVersions' for {name} action must be between 1 and 100")


def _check_transitions(rule: Mapping[str, Any]) -> None:
    expires = (rule.get("Expiration") or {}).get("Days")
    for transition in rule.get("Transitions", ()):
        if "StorageClass" not in transition or ("Days" in transition) == ("Date" in transition):
            raise MalformedXML
        if "Date" in transition:
            _check_midnight(transition["Date"])
            continue
        days, wanted = transition["Days"], transition["StorageClass"]
        if days < 0:
            raise InvalidArgument("'Days' in Transition action must be nonnegative")
        if wanted in _INFREQUENT and days < _INFREQUENT_DAYS:
            raise InvalidArgument(
                f"'Days' in Transition action must be greater than or equal to {_INFREQUENT_DAYS} for "
                f"storageClass '{wanted}'"
            )
        if expires is not None and expires <= days:
            raise InvalidArgument(
                f"'Days' in the Expiration action for prefix '{prefix_of(rule)}' must be greater than 'Days' in "
                "the Transition action"
            )


def _check_abort(rule: Mapping[str, Any], abort: Mapping[str, Any]) -> None:
    if abort.get("DaysAfterInitiation", 0) <= 0:
        raise InvalidArgument(
            "'DaysAfterInitiation' for AbortIncompleteMultipartUpload action must be a positive integer"
        )
    if _is_tagged(rule):
        raise InvalidRequest("AbortIncompleteMultipartUpload cannot be specified with Tags.")
    if has_size(rule):
        raise InvalidRequest("AbortIncompleteMultipartUpload cannot be specified with Object Size.")
