"""Why nothing allowed a request: the statement that came nearest, in words for a person."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from habitr_emulator.services.iam.documents import Statement, compiled
from habitr_emulator.services.iam.matching import Unresolved
from habitr_emulator.services.iam.policies import (
    AccessRequest,
    Question,
    covers_action,
    covers_resource,
    question_of,
)

_SHOWN = 3


def nearest(request: AccessRequest, documents: Iterable[Mapping[str, Any]]) -> str:
    """What the Allow statement that came nearest lacks; empty if none is about the action.

    A statement that covers action and resource is nearer than one that covers the action alone.
    """
    question, best, found = question_of(request), 0, ""
    for number, document in enumerate(documents, 1):
        policy = compiled(document, "identity")
        for statement in policy.statements:
            if not statement.allows or not covers_action(statement, question.action):
                continue
            nearness, lacks = _lacks(statement, question, has_variables=policy.variables)
            if nearness > best:
                best, found = nearness, f"statement {statement.name} of policy {number} {lacks}"
    return found


def _lacks(statement: Statement, question: Question, *, has_variables: bool) -> tuple[int, str]:
    variables = question.values if has_variables else None
    try:
        about = covers_resource(statement, question.resource, variables)
    except Unresolved as unresolved:
        return 2, f"has a variable without a value: {unresolved}"
    if about:
        failed = ", ".join(_failed(statement, question, has_variables=has_variables))
        return 3, f"would allow it, but its condition does not hold: {failed}"
    excluded = statement.resources is None
    listed = (statement.not_resources if excluded else statement.resources) or ()
    shown = ", ".join(listed[:_SHOWN]) + (" and others" if len(listed) > _SHOWN else "")
    return 1, f"allows the action on {'anything but' if excluded else 'other resources:'} {shown}"


def _failed(statement: Statement, question: Question, *, has_variables: bool) -> Iterator[str]:
    for condition in statement.conditions:
        try:
            holds = condition.holds(question.values, question.values if has_variables else None)
        except Unresolved:
            holds = False
        if not holds:
            given = question.values.get(condition.key)
            brought = "which the request does not have" if given is None else f"which is {', '.join(given)}"
            yield f"{condition.operator} on {condition.key}, {brought}"
