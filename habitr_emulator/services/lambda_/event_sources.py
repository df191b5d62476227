"""Event source mappings: which stream feeds which function, how, and how far it has come.

https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from habitr_emulator.kernel.errors import AwsError, NotBuilt
from habitr_emulator.kernel.store import Row, Transaction
from habitr_emulator.services.context import Account, Context
from habitr_emulator.services.lambda_ import event_filters, functions
from habitr_emulator.services.lambda_.errors import (
    InvalidParameterValueException,
    ResourceConflictException,
    ResourceNotFoundException,
)

Settings = dict[str, Any]

MOST_FILTERS = 10
DEFAULTS: Settings = {
    "BatchSize": 100,
    "MaximumBatchingWindowInSeconds": 0,
    "ParallelizationFactor": 1,
    "TumblingWindowInSeconds": 0,
    "MaximumRecordAgeInSeconds": -1,
    "MaximumRetryAttempts": -1,
    "BisectBatchOnFunctionError": False,
    "FunctionResponseTypes": [],
    "DestinationConfig": {"OnFailure": {}},
}
_SETTABLE = (*DEFAULTS, "FilterCriteria")
_NOT_BUILT = (
    "KMSKeyArn",
    "MetricsConfig",
    "LoggingConfig",
    "ScalingConfig",
    "Tags",
    "Topics",
    "Queues",
    "SourceAccessConfigurations",
    "SelfManagedEventSource",
    "AmazonManagedKafkaEventSourceConfig",
    "SelfManagedKafkaEventSourceConfig",
    "DocumentDBEventSourceConfig",
    "ProvisionedPollerConfig",
)


@dataclass(frozen=True, slots=True)
class EventSourceMapping:
    """A mapping as it is stored."""

    uuid: str
    function_name: str
    event_source_arn: str
    enabled: bool
    settings: Settings
    iterator: str
    sequence_number: str | None
    last_modified: float
    last_result: str


def of_row(row: Row) -> EventSourceMapping:
    """The mapping of a row."""
    values = {**dict(row), "enabled": bool(row["enabled"]), "settings": json.loads(row["settings"])}
    return EventSourceMapping(**values)


def find(account: Account, uuid: str) -> EventSourceMapping | None:
    """The mapping of an id, if there is one."""
    row = account.store.one("SELECT * FROM lambda_event_source_mapping WHERE uuid = ?", (uuid,))
    return None if row is None else of_row(row)


def require(account: Account, uuid: str) -> EventSourceMapping:
    """The mapping of an id. Raises ResourceNotFoundException."""
    found = find(account, uuid)
    if found is None:
        raise ResourceNotFoundException("The resource you requested does not exist.")
    return found


def settings_of(request: Mapping[str, Any]) -> Settings:
    """The settings in a request, checked. Raises InvalidParameterValueException, NotBuilt."""
    for name in _NOT_BUILT:
        if request.get(name):
            raise NotBuilt(f"{name} of an event source mapping is not built.", why=f"not built: {name}")
    if request.get("ParallelizationFactor", 1) > 1:
        raise NotBuilt("Batches of a shard run one after the other.", why="not built: ParallelizationFactor")
    if request.get("TumblingWindowInSeconds"):
        raise NotBuilt("Tumbling windows are not built.", why="not built: TumblingWindowInSeconds")
    destinations = request.get("DestinationConfig") or {}
    if any((destinations.get(side) or {}).get("Destination") for side in ("OnFailure", "OnSuccess")):
        raise NotBuilt("Destinations of discarded batches are not built.", why="there is no SQS or SNS here")
    age = request.get("MaximumRecordAgeInSeconds", -1)
    if age != -1 and age < 60:
        raise InvalidParameterValueException(
            "MaximumRecordAgeInSeconds must be -1 or at least 60."
        )  # guess: wording
    filters = (request.get("FilterCriteria") or {}).get("Filters") or ()
    if len(filters) > MOST_FILTERS:
        raise InvalidParameterValueException(
            f"An event source has at most {MOST_FILTERS} filters."
        )  # guess: wording
    for each in filters:
        event_filters.parse(each.get("Pattern", ""))
    return {name: request[name] for name in _SETTABLE if request.get(name) is not None}


async def starting_iterator(ctx: Context, request: Mapping[str, Any]) -> str:
    """The position in the stream that a CreateEventSourceMapping request begins at, fixed now.

    Raises InvalidParameterValueException, NotBuilt.
    """
    arn, position = request.get("EventSourceArn"), request.get("StartingPosition")
    if not arn or ":dynamodb:" not in arn:
        raise NotBuilt("Only streams of DynamoDB tables are event sources here.", why=f"not built: {arn}")
    if position not in ("LATEST", "TRIM_HORIZON"):
        why = "is required" if position is None else f"{position} is not supported"
        raise InvalidParameterValueException(f"Starting position {why} for a DynamoDB stream.")  # guess: wording
    try:
        return await shard_iterator(ctx, arn, ShardIteratorType=position)
    except AwsError as error:
        raise InvalidParameterValueException(f"Stream not found: {arn}", why=error.message) from error


async def shard_iterator(ctx: Context, arn: str, **position: str) -> str:
    """An iterator of a stream's shard."""
    described = await ctx.services.dynamodb.describe_stream({"StreamArn": arn})
    shard = described["StreamDescription"]["Shards"][-1]["ShardId"]
    request = {"StreamArn": arn, "ShardId": shard, **position}
    return str((await ctx.services.dynamodb.get_shard_iterator(request))["ShardIterator"])


def describe(ctx: Context, mapping: EventSourceMapping, state: str | None = None) -> dict[str, Any]:
    """What the operations answer; ``state`` is the one that the mapping is changing to.

    https://docs.aws.amazon.com/lambda/latest/api/API_EventSourceMappingConfiguration.html
    """
    return {
        "UUID": mapping.uuid,
        **DEFAULTS,
        **mapping.settings,
        "EventSourceArn": mapping.event_source_arn,
        "EventSourceMappingArn": ctx.account.arn("lambda", f"event-source-mapping:{mapping.uuid}"),
        "FunctionArn": functions.arn(ctx.account, mapping.function_name),
        "LastModified": mapping.last_modified,
        "LastProcessingResult": mapping.last_result,
        "State": state or ("Enabled" if mapping.enabled else "Disabled"),
        "StateTransitionReason": "User action",
    }


def put(tx: Transaction, mapping: EventSourceMapping) -> None:
    """Write a mapping; of one that exists the position stays as it is. Raises ResourceConflictException."""
    row = tx.one(
        "SELECT uuid FROM lambda_event_source_mapping "
        "WHERE event_source_arn = ? AND function_name = ? AND uuid <> ?",
        (mapping.event_source_arn, mapping.function_name, mapping.uuid),
    )
    if row is not None:
        raise ResourceConflictException(
            f'The event source arn (" {mapping.event_source_arn} ") and function (" {mapping.function_name} ") '
            "provided mapping already exists. Please update or delete the existing mapping with UUID "
            f"{row['uuid']}"
        )
    tx.execute(
        "INSERT INTO lambda_event_source_mapping "
        "(uuid, function_name, event_source_arn, enabled, settings, iterator, last_modified) "
        "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (uuid) DO UPDATE SET function_name = excluded.function_name, "
        "enabled = excluded.enabled, settings = excluded.settings, last_modified = excluded.last_modified",
        (
            mapping.uuid,
            mapping.function_name,
            mapping.event_source_arn,
            mapping.enabled,
            json.dumps(mapping.settings),
            mapping.iterator,
            mapping.last_modified,
        ),
    )


def arn_of(request: Mapping[str, Any], ctx: Context) -> str:
    """The ARN of the mapping that a request's UUID means, for policies."""
    return ctx.account.arn("lambda", f"event-source-mapping:{request['UUID']}")
