"""What UpdateTable changes in a table's settings.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html
"""

from collections.abc import Callable, Mapping
from typing import Any

from habitr_emulator.kernel.errors import NotBuilt
from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb import definitions
from habitr_emulator.services.dynamodb.errors import (
    LimitExceededException,
    ResourceInUseException,
    ResourceNotFoundException,
    ValidationException,
    invalid,
)
from habitr_emulator.services.dynamodb.tables import Settings

Request = Mapping[str, Any]
Update = Callable[[Settings], Settings]

_SIMPLE = ("TableClass", "DeletionProtectionEnabled", "SSESpecification", "OnDemandThroughput", "WarmThroughput")
_CHANGES = (*_SIMPLE, "BillingMode", "ProvisionedThroughput", "StreamSpecification", "GlobalSecondaryIndexUpdates")
_OUT_OF_SCOPE = ("ReplicaUpdates", "MultiRegionConsistency", "GlobalTableWitnessUpdates", "VectorIndexUpdates")
NOTHING = (
    "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates "
    "or SSESpecification or ReplicaUpdates is required"
)


def of(ctx: Context, request: Request) -> Update:
    """The function of old settings that gives the new ones. Raises ValidationException, NotBuilt."""
    for member in _OUT_OF_SCOPE:
        if request.get(member):
            raise NotBuilt(
                f"{member} is not built in habitr-emulator.", why="there is one region, without replicas"
            )
    if not any(request.get(member) not in (None, []) for member in _CHANGES):
        raise ValidationException(NOTHING)
    if len(request.get("GlobalSecondaryIndexUpdates") or ()) > 1 and _structural(request) > 1:
        raise LimitExceededException(
            "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table"
        )
    now = round(ctx.clock.now(), 3)
    stream = (
        definitions.stream_settings(ctx, request["StreamSpecification"])
        if request.get("StreamSpecification")
        else {}
    )

    def update(old: Settings) -> Settings:
        settings = {**old, **{member: request[member] for member in _SIMPLE if request.get(member) is not None}}
        _bill(settings, request, now)
        _stream(settings, stream)
        for each in request.get("GlobalSecondaryIndexUpdates") or ():
            _index(settings, request, each)
        return settings

    return update


def _structural(request: Request) -> int:
    return sum("Update" not in each for each in request["GlobalSecondaryIndexUpdates"])


def _bill(settings: Settings, request: Request, now: float) -> None:
    mode = request.get("BillingMode", settings["BillingMode"])
    given = request.get("ProvisionedThroughput")
    if mode == "PAY_PER_REQUEST":
        if given:
            raise invalid(
                "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when "
                "BillingMode is PAY_PER_REQUEST"
            )
        if settings["BillingMode"] != mode:
            nothing = definitions.throughput({})
            indexes = [{**index, "ProvisionedThroughput": nothing} for index in settings["GlobalSecondaryIndexes"]]
            settings |= {"OnDemandSince": now, "ProvisionedThroughput": nothing, "GlobalSecondaryIndexes": indexes}
    elif given:
        _refuse_same(settings, request)
        settings["ProvisionedThroughput"] = definitions.throughput(request)
    elif settings["BillingMode"] != mode:
        raise invalid(
            "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED"
        )
    if settings["BillingMode"] == "PAY_PER_REQUEST" != mode:
        settings.setdefault("OnDemandSince", settings["CreationDateTime"])
    settings["BillingMode"] = mode


def _refuse_same(settings: Settings, request: Request) -> None:
    now, wanted = settings["ProvisionedThroughput"], definitions.throughput(request)
    others = [member for member in _CHANGES if member != "ProvisionedThroughput" and request.get(member)]
    if now != wanted or others:
        return
    raise ValidationException(
        "The provisioned throughput for the table will not change. The requested value equals the current value. "
        f"Current ReadCapacityUnits provisioned for the table: {now['ReadCapacityUnits']}. "
        f"Requested ReadCapacityUnits: {wanted['ReadCapacityUnits']}. "
        f"Current WriteCapacityUnits provisioned for the table: {now['WriteCapacityUnits']}. "
        f"Requested WriteCapacityUnits: {wanted['WriteCapacityUnits']}. "
        "Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits."
    )


def _stream(settings: Settings, stream: Settings) -> None:
    if not stream:
        return
    running = bool(settings.get("StreamSpecification"))
    if running and stream["StreamSpecification"]:
        raise ValidationException("Table already has an enabled stream: TableName: " + settings["TableName"])
    if not running and not stream["StreamSpecification"]:
        raise ValidationException("Table has no stream to disable: TableName: " + settings["TableName"])
    settings |= stream


def _index(settings: Settings, request: Request, update: Mapping[str, Any]) -> None:
    if len(update) != 1:
        raise ValidationException(
            "One or more parameter values were invalid: Only one index change is possible at a time"
        )
    ((action, given),) = update.items()
    if action == "Create":
        _create(settings, request, given)
        return
    kept = [index for index in settings["GlobalSecondaryIndexes"] if index["IndexName"] != given["IndexName"]]
    if len(kept) == len(settings["GlobalSecondaryIndexes"]):
        raise ResourceNotFoundException("Requested resource not found")
    if action == "Delete":
        settings["GlobalSecondaryIndexes"] = kept
        used = _used_attributes(settings)
        settings["AttributeDefinitions"] = [
            each for each in settings["AttributeDefinitions"] if each["AttributeName"] in used
        ]
    else:
        settings["GlobalSecondaryIndexes"] = [
            {**index, "ProvisionedThroughput": definitions.throughput(given)}
            if index["IndexName"] == given["IndexName"]
            else index
            for index in settings["GlobalSecondaryIndexes"]
        ]


def _create(settings: Settings, request: Request, given: Mapping[str, Any]) -> None:
    indexes = (*settings["LocalSecondaryIndexes"], *settings["GlobalSecondaryIndexes"])
    if any(index["IndexName"] == given["IndexName"] for index in indexes):
        raise ResourceInUseException(f"Attempting to create an index which already exists: {given['IndexName']}")
    definitions.check_room(settings)
    definitions.check_indexes((given,))
    definitions.check_index_billing(given, on_demand=settings["BillingMode"] == "PAY_PER_REQUEST")
    described = {each["AttributeName"]: each for each in settings["AttributeDefinitions"]}
    for each in request.get("AttributeDefinitions") or ():
        if described.setdefault(each["AttributeName"], each)["AttributeType"] != each["AttributeType"]:
            raise ValidationException(
                "invalid attribute, SchemaElement redefined should be of same type as previously defined"
            )
    settings["AttributeDefinitions"] = list(described.values())
    definitions.check_attributes(settings, (*indexes, given))
    new = definitions.index_settings(given, definitions.free_slot(settings))
    settings["GlobalSecondaryIndexes"] = [*settings["GlobalSecondaryIndexes"], new]


def _used_attributes(settings: Settings) -> set[str]:
    indexes = (*settings["LocalSecondaryIndexes"], *settings["GlobalSecondaryIndexes"])
    schemas = (settings["KeySchema"], *(index["KeySchema"] for index in indexes))
    return {element["AttributeName"] for schema in schemas for element in schema}
