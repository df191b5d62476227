"""The analytics category: ``backend/analytics/<resource>`` -> a Pinpoint application and who may report to it.

https://docs.amplify.aws/gen1/javascript/build-a-backend/more-features/analytics/
"""

from typing import Any

from habitr_emulator.amplify.listing import Resource
from habitr_emulator.amplify.reading import Reading
from habitr_emulator.amplify.shapes import text
from habitr_emulator.services.pinpoint.spec import App


def read(reading: Reading, resource: Resource) -> App:
    """Read ``parameters.json`` of a Pinpoint resource, and let everybody report. Raises ProjectError."""
    place = reading.place
    given = reading.parameters(resource)
    app_id = place.pinpoint_app_id(resource.name)
    statement = {
        "Effect": "Allow",
        "Action": ["mobiletargeting:PutEvents", "mobiletargeting:UpdateEndpoint"],
        "Resource": [f"arn:aws:mobiletargeting:*:{place.account_id}:apps/{app_id}*"],
    }
    policy = {f"pinpoint_{resource.name}": {"Version": "2012-10-17", "Statement": [statement]}}
    reading.grants.members(policy)
    reading.grants.guests(policy)
    return App(app_id, f"{text(given.get('appName'), resource.name)}-{place.environment}")


def outputs(reading: Reading, resource: Resource, name: str) -> Any:
    """What other stacks learn of an application; None if it has no output of that name."""
    return {
        "Id": reading.place.pinpoint_app_id(resource.name),
        "Region": reading.place.region,
        "appName": resource.name,
    }.get(name)
