"""From a request's text to an operation that may run: parse, validate, select, coerce, authorize."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from habitr_emulator.services.appsync.authorization import IAM, Requester, restrict
from habitr_emulator.services.appsync.documents import Operation
from habitr_emulator.services.appsync.plan import Plan, TooLarge
from habitr_emulator.services.appsync.schema import Schema
from habitr_emulator.services.appsync.variables import VariableError, coerce
from habitr_emulator.services.context import Context


class Refused(Exception):
    """A request that does not run: ``errors`` are the whole answer."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(errors[0]["message"])
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Query:
    """A GraphQL request as it came: document, raw variables, operation name."""

    text: str
    variables: Mapping[str, Any]
    operation_name: str | None = None

    def members(self) -> dict[str, Any]:
        """As the JSON members of a request."""
        return {"query": self.text, "variables": self.variables, "operationName": self.operation_name}


@dataclass(frozen=True, slots=True)
class Prepared:
    """An operation that may run, with its coerced variables, and its plan for who asks."""

    operation: Operation
    variables: dict[str, Any]
    requester: Requester
    plan: Plan

    @classmethod
    def of(cls, operation: Operation, variables: dict[str, Any], who: Requester) -> "Prepared":
        """With the plan for this requester and these variables."""
        return cls(operation, variables, who, operation.plan(who, variables))

    @property
    def schema(self) -> Schema:
        """The schema that it runs on."""
        return self.operation.document.schema

    def event_plan(self) -> Plan:
        """The plan of a subscription's events: no resolver runs for them."""
        return self.operation.plan(self.requester, self.variables, event=True)


def prepare(schema: Schema, requester: Requester, query: Query, context: Context) -> Prepared:
    """Make ``query`` ready to run for ``requester``.

    Raises Refused (the answer's errors), BadRequestException (no operation named) or AccessDeniedException.
    """
    document = schema.documents(query.text)
    if document.errors:
        raise Refused(list(document.errors))
    operation = document.select(query.operation_name)
    if operation is None:
        text = f"Unknown operation named '{query.operation_name}'."
        raise Refused([{"path": None, "locations": [], "message": text}])
    try:
        variables = coerce(operation.variables, query.variables)
    except VariableError as error:
        start = error.node.loc.start_token if error.node.loc is not None else None
        at = [{"line": start.line, "column": start.column, "sourceName": None}] if start is not None else []
        raise Refused([{"path": None, "locations": at, "message": error.message}]) from None
    except RecursionError:
        raise Refused(
            [{"path": None, "locations": [], "message": "The variables are nested too deeply."}]
        ) from None
    try:
        prepared = Prepared.of(operation, variables, requester)
    except RecursionError:
        raise Refused([{"path": None, "locations": [], "message": "The query is nested too deeply."}]) from None
    except TooLarge:
        raise Refused([{"path": None, "locations": [], "message": "The query selects too many fields."}]) from None
    if requester.mode == IAM:
        fields = [(item.parent, item.name) for item in prepared.plan.fields if not item.name.startswith("__")]
        prepared = Prepared.of(operation, variables, restrict(requester, schema.api, fields, context))
    return prepared
