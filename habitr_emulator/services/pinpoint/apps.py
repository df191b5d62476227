"""Pinpoint applications."""

import json
from collections.abc import Mapping
from typing import Any

from habitr_emulator.kernel.clock import iso8601
from habitr_emulator.kernel.store import Row
from habitr_emulator.services.context import Account, Context
from habitr_emulator.services.pinpoint.errors import NotFoundException


def require(context: Context, application_id: str) -> Row:
    """The application's row; raises NotFoundException."""
    row = context.store.one("SELECT * FROM pinpoint_app WHERE application_id = ?", (application_id,))
    if row is None:
        raise NotFoundException(RequestID=context.request_id, why=f"no Pinpoint app has this id: {application_id}")
    return row


def described(account: Account, row: Row) -> dict[str, Any]:
    """An ``ApplicationResponse``."""
    return {
        "Arn": account.arn("mobiletargeting", f"apps/{row['application_id']}"),
        "Id": row["application_id"],
        "Name": row["name"],
        "tags": json.loads(row["tags"]),
        "CreationDate": iso8601(row["created"]),
    }


def arn_of(request: Mapping[str, Any], context: Context) -> str:
    """The ARN of the application that a request names, for policies."""
    return context.account.arn("mobiletargeting", f"apps/{request['ApplicationId']}")
