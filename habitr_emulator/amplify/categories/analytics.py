"""The analytics category: ``backend/analytics/<resource>`` -> a Pinpoint application and who may report to it.

https://docs.amplify.aws/gen1/javascript/build-a-backend/more-features/analytics/
"""

from dataclasses import dataclass
from typing import Any

from habitr_emulator.amplify.files import read_json
from habitr_emulator.amplify.place import Place
from habitr_emulator.services.pinpoint.spec import App


@dataclass(frozen=True, slots=True)
class Analytics:
    """An application and the policy of everybody who uses the app."""

    app: App
    policies: dict[str, dict[str, Any]]


def read(place: Place, resource: str) -> Analytics:
    """Read ``parameters.json`` of a Pinpoint resource. Raises ProjectError."""
    given = read_json(place.folder / "analytics" / resource / "parameters.json", {})
    app_id = place.pinpoint_app_id(resource)
    statement = {
        "Effect": "Allow",
        "Action": ["mobiletargeting:PutEvents", "mobiletargeting:UpdateEndpoint"],
        "Resource": [f"arn:aws:mobiletargeting:*:{place.account_id}:apps/{app_id}*"],
    }
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    name = f"{given.get('appName') or resource}-{place.environment}"
    return Analytics(App(app_id, name), {f"pinpoint_{resource}": policy})
