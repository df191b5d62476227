"""What CreateTable and UpdateTable are given, checked and brought into the form that the catalogue keeps.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html
"""

from collections.abc import Iterable, Mapping
from typing import Any

from habitr_emulator.kernel.errors import NotBuilt
from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb.errors import (
    LimitExceededException,
    ValidationException,
    constraint,
    invalid,
)
from habitr_emulator.services.dynamodb.tables import LONGEST_NAME, SHORTEST_NAME, Settings, check_name

MOST_LOCAL_INDEXES = 5
MOST_GLOBAL_INDEXES = 20
MOST_PROJECTED = 100
_KINDS = ("S", "N", "B")
_OUT_OF_SCOPE = ("ResourcePolicy", "VectorIndexes", "GlobalTableSourceArn", "GlobalTableSettingsReplicationMode")
_KEPT_OF_INDEX = ("OnDemandThroughput", "WarmThroughput")
_KEPT = ("SSESpecification", "TableClass", "OnDemandThroughput", "DeletionProtectionEnabled", "WarmThroughput")

Request = Mapping[str, Any]


def settings_of(ctx: Context, request: Request) -> Settings:
    """The catalogue entry of a CreateTable request. Raises ValidationException."""
    _check(request)
    settings: Settings = {
        "TableName": request["TableName"],
        "TableId": ctx.ids.uuid(),
        "CreationDateTime": round(ctx.clock.now(), 3),
        "AttributeDefinitions": list(request["AttributeDefinitions"]),
        "KeySchema": list(request["KeySchema"]),
        "BillingMode": request.get("BillingMode", "PROVISIONED"),
        "ProvisionedThroughput": throughput(request),
        "LocalSecondaryIndexes": [],
        "GlobalSecondaryIndexes": [],
    }
    for member in ("LocalSecondaryIndexes", "GlobalSecondaryIndexes"):
        for index in request.get(member) or ():
            settings[member].append(index_settings(index, free_slot(settings)))
    settings |= {member: request[member] for member in _KEPT if request.get(member) is not None}
    if request.get("StreamSpecification"):
        settings |= stream_settings(ctx, request["StreamSpecification"])
    return settings


def throughput(request: Request) -> dict[str, int]:
    """The provisioned throughput of a request, zeros when it is on demand."""
    given = request.get("ProvisionedThroughput") or {}
    return {name: int(given.get(name, 0)) for name in ("ReadCapacityUnits", "WriteCapacityUnits")}


def index_settings(index: Mapping[str, Any], slot: int) -> Settings:
    """The catalogue entry of a secondary index; ``slot`` numbers its key columns."""
    return {
        "IndexName": index["IndexName"],
        "KeySchema": list(index["KeySchema"]),
        "Projection": dict(index["Projection"]),
        "ProvisionedThroughput": throughput(index),
        "Slot": slot,
        **{member: index[member] for member in _KEPT_OF_INDEX if index.get(member)},
    }


def free_slot(settings: Settings) -> int:
    """The lowest slot that no index of a table has."""
    indexes = (*settings["LocalSecondaryIndexes"], *settings["GlobalSecondaryIndexes"])
    taken = {index["Slot"] for index in indexes}
    return next(slot for slot in range(len(taken) + 1) if slot not in taken)


def stream_settings(ctx: Context, specification: Mapping[str, Any]) -> Settings:
    """The catalogue entry of a stream: enabling one begins a new stream, named by the time."""
    if not specification.get("StreamEnabled"):
        if specification.get("StreamViewType"):
            raise ValidationException(
                "Invalid StreamViewType: Stream StreamEnabled was false but a StreamViewType was present."
            )
        return {"StreamSpecification": None}
    if not specification.get("StreamViewType"):
        raise ValidationException(
            "Invalid StreamViewType: Stream ViewType must not be null or empty when enabling streams."
        )
    return {"StreamSpecification": dict(specification), "LatestStreamLabel": ctx.clock.iso()[:-1]}


def _check(request: Request) -> None:
    for member in _OUT_OF_SCOPE:
        if request.get(member):
            raise NotBuilt(f"{member} is not built in habitr-emulator.", why=f"tables have no {member} here")
    check_table_name(request["TableName"])
    for member in ("AttributeDefinitions", "KeySchema"):
        if not request.get(member):
            raise constraint("null", member[0].lower() + member[1:], "not be null")
    _check_kinds(request["AttributeDefinitions"])
    _check_key_schema(request["KeySchema"])
    _check_billing(request)
    _check_secondary(request)


def _check_secondary(request: Request) -> None:
    local_indexes = request.get("LocalSecondaryIndexes") or ()
    global_indexes = request.get("GlobalSecondaryIndexes") or ()
    _check_local(request["KeySchema"], local_indexes)
    if len(local_indexes) > MOST_LOCAL_INDEXES:
        raise invalid(f"Number of LocalSecondaryIndexes exceeds per-table limit of {MOST_LOCAL_INDEXES}")
    if len(global_indexes) > MOST_GLOBAL_INDEXES:
        raise invalid(f"GlobalSecondaryIndex count exceeds the per-table limit of {MOST_GLOBAL_INDEXES}")
    check_indexes((*local_indexes, *global_indexes))
    check_attributes(request, (*local_indexes, *global_indexes))


def check_table_name(name: str) -> None:
    """Refuse what cannot be the name of a new table. Raises ValidationException."""
    if not SHORTEST_NAME <= len(name) <= LONGEST_NAME:
        bounds = f"at least {SHORTEST_NAME} characters long and at most {LONGEST_NAME} characters long"
        raise ValidationException(f"TableName must be {bounds}")
    check_name(name)


def _check_kinds(definitions: Iterable[Mapping[str, str]]) -> None:
    for number, definition in enumerate(definitions, 1):
        if definition["AttributeType"] not in _KINDS:
            place = f"attributeDefinitions.{number}.member.attributeType"
            raise constraint(f"'{definition['AttributeType']}'", place, "satisfy enum value set: [B, N, S]")


def _check_key_schema(key_schema: list[Mapping[str, str]]) -> None:
    if key_schema[0]["KeyType"] != "HASH":
        raise ValidationException("Invalid KeySchema: The first KeySchemaElement is not a HASH key type")
    if len(key_schema) > 2:
        raise constraint(f"'{key_schema}'", "keySchema", "have length less than or equal to 2")
    if len(key_schema) == 2:
        if key_schema[0]["AttributeName"] == key_schema[1]["AttributeName"]:
            raise ValidationException("Two keys can not have the same name")
        if key_schema[1]["KeyType"] != "RANGE":
            raise ValidationException("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type")


def _check_billing(request: Request) -> None:
    on_demand = request.get("BillingMode") == "PAY_PER_REQUEST"
    if on_demand and request.get("ProvisionedThroughput"):
        raise invalid(
            "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST"
        )
    if not on_demand and not request.get("ProvisionedThroughput"):
        raise invalid(
            "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED"
        )
    for index in request.get("GlobalSecondaryIndexes") or ():
        check_index_billing(index, on_demand=on_demand)


def check_index_billing(index: Mapping[str, Any], *, on_demand: bool) -> None:
    """Refuse a global index without throughput in a provisioned table, or with it in one on demand."""
    name = index["IndexName"]
    if on_demand and index.get("ProvisionedThroughput"):
        raise invalid(
            f"ProvisionedThroughput should not be specified for index: {name} when BillingMode is PAY_PER_REQUEST"
        )
    if not on_demand and not index.get("ProvisionedThroughput"):
        raise invalid(f"ProvisionedThroughput must be specified for index: {name}")


def _check_local(key_schema: list[Mapping[str, str]], indexes: Iterable[Mapping[str, Any]]) -> None:
    for index in indexes:
        name = index["IndexName"]
        if len(key_schema) < 2:
            raise invalid(
                "Table KeySchema does not have a range key, "
                "which is required when specifying a LocalSecondaryIndex"
            )
        if len(index["KeySchema"]) < 2:
            raise invalid(f"Index KeySchema does not have a range key for index: {name}")
        if index["KeySchema"][0]["AttributeName"] != key_schema[0]["AttributeName"]:
            raise invalid(
                f"Index KeySchema does not have the same leading hash key as table KeySchema for index: {name}. "
                f"index hash key: {index['KeySchema'][0]['AttributeName']}, "
                f"table hash key: {key_schema[0]['AttributeName']}"
            )


def check_indexes(indexes: Iterable[Mapping[str, Any]]) -> None:
    """Refuse bad names, key schemas and projections of indexes. Raises ValidationException."""
    seen: set[str] = set()
    projected = 0
    for index in indexes:
        check_name(index["IndexName"], "indexName")
        if index["IndexName"] in seen:
            raise invalid(f"Duplicate index name: {index['IndexName']}")
        seen.add(index["IndexName"])
        _check_key_schema(index["KeySchema"])
        projected += _check_projection(index["Projection"])
    if projected > MOST_PROJECTED:
        raise invalid(
            f"Number of non-key attributes projected in all indexes exceeds the limit of {MOST_PROJECTED}"
        )


def _check_projection(projection: Mapping[str, Any]) -> int:
    """How many attributes a projection adds to the keys."""
    kind, others = projection.get("ProjectionType"), projection.get("NonKeyAttributes")
    if kind is None:
        raise invalid("Unknown ProjectionType: null")
    if kind == "INCLUDE" and not others:
        raise invalid("ProjectionType is INCLUDE, but NonKeyAttributes is not specified")
    if kind != "INCLUDE" and others:
        raise invalid(f"ProjectionType is {kind}, but NonKeyAttributes is specified")
    return len(others or ())


def check_attributes(request: Request, indexes: Iterable[Mapping[str, Any]]) -> None:
    """Refuse undefined key attributes, and definitions that no key uses. Raises ValidationException."""
    defined = [each["AttributeName"] for each in request["AttributeDefinitions"]]
    used: set[str] = set()
    for key_schema in (request["KeySchema"], *(index["KeySchema"] for index in indexes)):
        names = [element["AttributeName"] for element in key_schema]
        used.update(names)
        if not set(names) <= set(defined):
            raise invalid(
                "Some index key attributes are not defined in AttributeDefinitions. "
                f"Keys: [{', '.join(names)}], AttributeDefinitions: [{', '.join(defined)}]"
            )
    if len(defined) != len(set(defined)):
        raise invalid("Cannot define the same attribute twice in AttributeDefinitions")  # guess: wording
    if used != set(defined):
        raise invalid(
            "Number of attributes in KeySchema does not exactly match number of attributes defined in "
            "AttributeDefinitions"
        )


def check_room(settings: Settings) -> None:
    """Refuse one global index more than a table may have. Raises LimitExceededException."""
    if len(settings["GlobalSecondaryIndexes"]) >= MOST_GLOBAL_INDEXES:
        raise LimitExceededException(
            f"Subscriber limit exceeded: The number of global secondary indexes exceeds {MOST_GLOBAL_INDEXES}"
        )
