"""Which attributes Query and Scan see and show.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html#DDB-Query-request-Select
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from habitr_emulator.services.dynamodb import legacy
from habitr_emulator.services.dynamodb.errors import ValidationException, invalid
from habitr_emulator.services.dynamodb.expressions.projection import Tree, names_of
from habitr_emulator.services.dynamodb.placeholders import Expressions
from habitr_emulator.services.dynamodb.tables import Index

Request = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Selection:
    """``visible`` is what filters see (None: everything), ``shown`` what is answered of that."""

    visible: Tree | None = None
    shown: Tree | None = None
    count_only: bool = False


def projection_of(request: Request, expressions: Expressions) -> Tree | None:
    """The tree of ProjectionExpression or AttributesToGet, if there is one."""
    wanted: Tree | None = expressions.run("ProjectionExpression")
    if wanted is None and request.get("AttributesToGet"):
        return legacy.attributes_to_get(request["AttributesToGet"])
    return wanted


def of(request: Request, index: Index | None, wanted: Tree | None) -> Selection:
    """The selection of a request. Raises ValidationException."""
    select = request.get("Select")
    _check(request, index, select, wanted)
    count_only = select == "COUNT"
    if index is None or index.projected is None:
        return Selection(None, wanted, count_only)
    projected: Tree = dict.fromkeys(index.projected)
    if not index.is_global:  # what a local index lacks is fetched from the table
        whole = None if select == "ALL_ATTRIBUTES" else projected
        return Selection(None, whole if wanted is None else wanted, count_only)
    if wanted is not None and not index.projected.issuperset(names_of(wanted)):
        missing = ", ".join(str(name) for name in wanted if name not in index.projected)
        raise invalid(f"Global secondary index {index.name} does not project [{missing}]")
    return Selection(projected, wanted, count_only)


def _check(request: Request, index: Index | None, select: str | None, wanted: Tree | None) -> None:
    member = "ProjectionExpression" if request.get("ProjectionExpression") else "AttributesToGet"
    if wanted is None and select == "SPECIFIC_ATTRIBUTES":
        raise ValidationException(
            "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES"
        )
    if select == "ALL_PROJECTED_ATTRIBUTES" and index is None:
        raise ValidationException("ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName")
    if wanted is not None and select == "COUNT":
        raise ValidationException(f"Cannot specify the {member} when choosing to get only the Count")
    if wanted is not None and select in ("ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES"):
        raise ValidationException(f"Cannot specify the {member} when choosing to get {select}")
    if select == "ALL_ATTRIBUTES" and index is not None and index.is_global and index.projected is not None:
        raise invalid(
            f"Select type ALL_ATTRIBUTES is not supported for global secondary index {index.name} "
            "because its projection type is not ALL"
        )
