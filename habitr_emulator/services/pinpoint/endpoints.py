"""Endpoints: what Pinpoint knows of a device and its user.

https://docs.aws.amazon.com/pinpoint/latest/apireference/apps-application-id-endpoints-endpoint-id.html
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from habitr_emulator.kernel.clock import iso8601
from habitr_emulator.kernel.store import Store, Transaction
from habitr_emulator.services.context import Context
from habitr_emulator.services.pinpoint.errors import NotFoundException

_MERGED = ("Attributes", "Demographic", "Location", "Metrics")


def arn_of(request: Mapping[str, Any], context: Context) -> str:
    """The ARN of the endpoint that a request names, for policies."""
    path = f"apps/{request['ApplicationId']}/endpoints/{request['EndpointId']}"
    return context.account.arn("mobiletargeting", path)


def user_arn_of(request: Mapping[str, Any], context: Context) -> str:
    """The ARN of the user that a request names, for policies."""
    path = f"apps/{request['ApplicationId']}/users/{request['UserId']}"
    return context.account.arn("mobiletargeting", path)


def of_user(context: Context, application_id: str, user_id: str) -> list[dict[str, Any]]:
    """The endpoints of a user, by id; raises NotFoundException if there is none."""
    sql = """SELECT endpoint_id FROM pinpoint_endpoint WHERE application_id = ?
      AND json_extract(endpoint, '$.User.UserId') = ? ORDER BY endpoint_id"""
    rows = context.store.all(sql, (application_id, user_id))
    if not rows:
        raise NotFoundException(RequestID=context.request_id, why=f"no endpoint belongs to this user: {user_id}")
    return [described(context, application_id, row["endpoint_id"]) for row in rows]


def latest(store: Store, application_id: str = "", count: int = 100) -> list[dict[str, Any]]:
    """The endpoints of an application, or of all, by id, as JSON."""
    sql = "SELECT * FROM pinpoint_endpoint WHERE ? IN ('', application_id) ORDER BY endpoint_id LIMIT ?"
    return [
        {
            "applicationId": row["application_id"],
            "endpointId": row["endpoint_id"],
            "createdAt": iso8601(row["created"]),
            "endpoint": json.loads(row["endpoint"]),
        }
        for row in store.all(sql, (application_id, count))
    ]


async def delete(context: Context, described_endpoints: Sequence[Mapping[str, Any]]) -> None:
    """Forget endpoints, given as ``described`` tells them."""
    keys = [(each["ApplicationId"], each["Id"]) for each in described_endpoints]
    sql = "DELETE FROM pinpoint_endpoint WHERE application_id = ? AND endpoint_id = ?"
    await context.store.write(lambda tx: tx.executemany(sql, keys))


def put(tx: Transaction, key: tuple[str, str], change: Mapping[str, Any], now: float) -> None:
    """Merge ``change`` into the endpoint of (application, endpoint), which is made if there is none."""
    row = tx.one("SELECT endpoint FROM pinpoint_endpoint WHERE application_id = ? AND endpoint_id = ?", key)
    endpoint = merged(json.loads(row["endpoint"]) if row else {}, change)
    tx.execute(
        "INSERT INTO pinpoint_endpoint (application_id, endpoint_id, created, endpoint) VALUES (?, ?, ?, ?) "
        "ON CONFLICT DO UPDATE SET endpoint = excluded.endpoint",
        (*key, now, json.dumps(endpoint)),
    )


def merged(endpoint: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """An endpoint after a change: named attributes and metrics are replaced one by one, other members as a whole.

    guess: Demographic and Location merge member by member, as attributes are documented to.
    """
    made = {**endpoint, **change}
    for name in _MERGED:
        if name in endpoint and name in change:
            made[name] = {**endpoint[name], **change[name]}
    if "User" in endpoint and "User" in change:
        made["User"] = {**endpoint["User"], **change["User"]}
    return made


def described(context: Context, application_id: str, endpoint_id: str) -> dict[str, Any]:
    """An ``EndpointResponse``; raises NotFoundException."""
    key = (application_id, endpoint_id)
    row = context.store.one("SELECT * FROM pinpoint_endpoint WHERE application_id = ? AND endpoint_id = ?", key)
    if row is None:
        raise NotFoundException(RequestID=context.request_id, why=f"the app has no such endpoint: {endpoint_id}")
    return {
        "EndpointStatus": "ACTIVE",
        "OptOut": "NONE",
        **json.loads(row["endpoint"]),
        "ApplicationId": application_id,
        "Id": endpoint_id,
        "CreationDate": iso8601(row["created"]),
    }
