"""Events that apps recorded: kept and shown, analysed by nobody."""

import json
from collections.abc import Mapping
from typing import Any

from habitr_emulator.kernel.clock import iso8601
from habitr_emulator.kernel.store import Store, Transaction

#: The newest events of an application that are kept.
KEPT = 10_000


def put(tx: Transaction, key: tuple[str, str], events: Mapping[str, Mapping[str, Any]], now: float) -> None:
    """Keep the events of (application, endpoint), and drop the application's oldest."""
    rows = [(*key, event_id, event["EventType"], now, json.dumps(event)) for event_id, event in events.items()]
    tx.executemany(
        "INSERT INTO pinpoint_event (application_id, endpoint_id, event_id, event_type, received, event) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        rows,
    )
    tx.execute(
        "DELETE FROM pinpoint_event WHERE application_id = ? AND number <= "
        "(SELECT number FROM pinpoint_event WHERE application_id = ? ORDER BY number DESC LIMIT 1 OFFSET ?)",
        (key[0], key[0], KEPT),
    )


def latest(store: Store, application_id: str = "", count: int = 100) -> list[dict[str, Any]]:
    """The newest events of an application, or of all, newest first, as JSON."""
    sql = "SELECT * FROM pinpoint_event WHERE ? IN ('', application_id) ORDER BY number DESC LIMIT ?"
    return [
        {
            "applicationId": row["application_id"],
            "endpointId": row["endpoint_id"],
            "eventId": row["event_id"],
            "eventType": row["event_type"],
            "receivedAt": iso8601(row["received"]),
            "event": json.loads(row["event"]),
        }
        for row in store.all(sql, (application_id, count))
    ]
