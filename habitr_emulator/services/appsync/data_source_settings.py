"""Data sources, checked as CreateDataSource and UpdateDataSource take them.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_DataSource.html
"""

from collections.abc import Mapping
from typing import Any, Final

from habitr_emulator.kernel.errors import NotBuilt
from habitr_emulator.services.appsync.descriptions import api_arn
from habitr_emulator.services.appsync.errors import BadRequestException
from habitr_emulator.services.context import Account

#: What each type needs to be told.
_NEEDS: Final = {
    "AMAZON_DYNAMODB": "dynamodbConfig",
    "AWS_LAMBDA": "lambdaConfig",
    "AMAZON_ELASTICSEARCH": "elasticsearchConfig",
    "AMAZON_OPENSEARCH_SERVICE": "openSearchServiceConfig",
    "HTTP": "httpConfig",
    "RELATIONAL_DATABASE": "relationalDatabaseConfig",
    "AMAZON_EVENTBRIDGE": "eventBridgeConfig",
}
_KEPT: Final = ("name", "description", "type", "serviceRoleArn", "metricsConfig", *_NEEDS.values())
_UNBUILT: Final = {
    "dynamodbConfig": ("useCallerCredentials", "versioned", "deltaSyncConfig"),
    "httpConfig": ("authorizationConfig",),
}


def settings(request: Mapping[str, Any], account: Account) -> dict[str, Any]:
    """A DataSource; raises BadRequestException, or NotBuilt for what the emulator lacks."""
    needed = _NEEDS.get(request["type"])
    if needed is not None and not request.get(needed):
        # guess: the service's wording
        raise BadRequestException(f"{needed} is required for data source type {request['type']}.")
    if needed == "httpConfig" and not str(request["httpConfig"].get("endpoint", "")).startswith("http"):
        raise BadRequestException("The HTTP endpoint must be a valid URL.")  # guess: the service's wording
    for config, members in _UNBUILT.items():
        for member in members:
            if (request.get(config) or {}).get(member):
                raise NotBuilt(
                    f"{config}.{member} is not built in habitr-emulator.",
                    why=f"a data source with {config}.{member} cannot work here",
                )
    kept = {name: request[name] for name in _KEPT if request.get(name) is not None}
    return {"dataSourceArn": f"{api_arn(account, request['apiId'])}/datasources/{request['name']}", **kept}
