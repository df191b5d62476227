"""Continuous backups, as they are described: there are none here (snapshots keep the whole state).

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ContinuousBackupsDescription.html
"""

from typing import Any

DISABLED: dict[str, Any] = {
    "ContinuousBackupsDescription": {
        "ContinuousBackupsStatus": "ENABLED",  # the service says so of every table
        "PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "DISABLED"},
    }
}
