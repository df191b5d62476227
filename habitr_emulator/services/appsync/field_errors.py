"""A resolver's error as an answer tells it."""

from typing import Any

from habitr_emulator.services.appsync.plan import FieldPlan, Selection
from habitr_emulator.services.appsync.spec import ResolverError, Unauthorized


def field_error(item: FieldPlan, path: list[str | int], error: ResolverError) -> dict[str, Any]:
    """The error object, its members in AppSync's order; ``data`` keeps what the operation selected."""
    message = error.message
    if isinstance(error, Unauthorized) and not message:
        message = f"Not Authorized to access {item.name} on type {item.parent}"
    return {
        "path": path,
        "data": _selected(item.selection, error.data),
        "errorType": error.error_type,
        "errorInfo": error.error_info,
        "locations": item.locations,
        "message": message,
    }


def _selected(selection: Selection | None, value: Any) -> Any:
    if selection is None:
        return value
    if isinstance(value, list):
        return [_selected(selection, item) for item in value]
    if not isinstance(value, dict):
        return None
    return {
        item.key: _selected(item.selection, value[item.name]) for item in selection.every() if item.name in value
    }
