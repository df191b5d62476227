"""DynamoDB tables, wherever a project describes them: the storage category and CloudFormation templates.

https://docs.amplify.aws/gen1/javascript/build-a-backend/storage/import-dynamodb/
"""

from collections.abc import Iterator, Mapping
from typing import Any

from habitr_emulator.amplify.files import read_object
from habitr_emulator.amplify.listing import Resource
from habitr_emulator.amplify.reading import Reading
from habitr_emulator.amplify.shapes import items, mapping, text
from habitr_emulator.amplify.stack import Stack
from habitr_emulator.kernel.errors import ProjectError
from habitr_emulator.services.dynamodb.spec import Table

TYPE = "AWS::DynamoDB::Table"
_LETTERS = {"string": "S", "number": "N", "binary": "B", "s": "S", "n": "N", "b": "B"}
#: The members of CreateTable that a template may set.
_MEMBERS = (
    "AttributeDefinitions",
    "BillingMode",
    "GlobalSecondaryIndexes",
    "KeySchema",
    "LocalSecondaryIndexes",
    "ProvisionedThroughput",
)
_STREAM = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}


def read(reading: Reading, resource: Resource) -> Table:
    """A table of the storage category: ``cli-inputs.json``, else its template, else its parameters.

    Raises ProjectError.
    """
    folder = reading.folder(resource)
    inputs = read_object(folder / "cli-inputs.json")
    if "partitionKey" in inputs:
        return _of_inputs(reading, inputs)
    given = reading.parameters(resource)
    if resource.imported or given.get("serviceType") == "imported":
        raise ProjectError("an imported table: the project does not say what its keys are", file=str(folder))
    stack = Stack.find(reading, resource, given)
    found = next(of_stack(stack), None) if stack else None
    if found is not None:
        return found
    if "partitionKeyName" in given:
        return _of_parameters(reading, given)
    raise ProjectError("neither cli-inputs.json nor a template with a table is there", file=str(folder))


def outputs(reading: Reading, resource: Resource, name: str) -> Any:
    """What other stacks learn of a table; None if it has no output of that name."""
    table = read(reading, resource)
    keys = {key["KeyType"]: key["AttributeName"] for key in table.settings["KeySchema"]}
    types = {each["AttributeName"]: each["AttributeType"] for each in table.settings["AttributeDefinitions"]}
    arn = reading.place.arn("dynamodb", f"table/{table.table_name}")
    return {
        "Name": table.table_name,
        "Arn": arn,
        "StreamArn": f"{arn}/stream/latest",
        "PartitionKeyName": keys["HASH"],
        "PartitionKeyType": types.get(keys["HASH"]),
        "SortKeyName": keys.get("RANGE"),
        "SortKeyType": types.get(keys.get("RANGE", "")),
        "Region": reading.place.region,
    }.get(name)


def of_stack(stack: Stack) -> Iterator[Table]:
    """The tables of a template."""
    for logical_id, _, given in stack.template.resources(TYPE):
        settings = {name: given[name] for name in _MEMBERS if given.get(name)}
        settings["AttributeDefinitions"] = _used(settings)
        view = mapping(given.get("StreamSpecification")).get("StreamViewType")
        if view:
            settings["StreamSpecification"] = {"StreamEnabled": True, "StreamViewType": view}
        ttl = mapping(given.get("TimeToLiveSpecification"))
        attribute = text(ttl.get("AttributeName")) if ttl.get("Enabled", True) not in (False, "false") else ""
        yield Table(stack.named(logical_id), _with_numbers(settings), attribute or None)


def _used(settings: Mapping[str, Any]) -> list[Any]:
    """CreateTable takes the attributes of keys only; Amplify's older templates list more."""
    schemas = [settings.get("KeySchema"), *(each.get("KeySchema") for each in _indexes(settings))]
    used = {text(mapping(key).get("AttributeName")) for schema in schemas for key in items(schema)}
    return [
        each for each in items(settings.get("AttributeDefinitions")) if mapping(each).get("AttributeName") in used
    ]


def _indexes(settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    members = ("GlobalSecondaryIndexes", "LocalSecondaryIndexes")
    return [mapping(each) for member in members for each in items(settings.get(member))]


def _with_numbers(value: Any) -> Any:
    """Capacity units are often texts in templates."""
    if isinstance(value, list):
        return [_with_numbers(each) for each in value]
    if not isinstance(value, dict):
        return value
    units = ("ReadCapacityUnits", "WriteCapacityUnits")
    return {
        name: int(each) if name in units and str(each).isdigit() else _with_numbers(each)
        for name, each in value.items()
    }


def _of_inputs(reading: Reading, inputs: Mapping[str, Any]) -> Table:
    primary = _keys(inputs)
    indexes = [(text(each.get("name")), _keys(each)) for each in map(mapping, items(inputs.get("gsi")))]
    types = dict([*primary, *(key for _, keys in indexes for key in keys)])
    settings: dict[str, Any] = {
        "AttributeDefinitions": [{"AttributeName": name, "AttributeType": kind} for name, kind in types.items()],
        "KeySchema": _schema(primary),
        "BillingMode": "PAY_PER_REQUEST",
    }
    if indexes:
        settings["GlobalSecondaryIndexes"] = [
            {"IndexName": name, "KeySchema": _schema(keys), "Projection": {"ProjectionType": "ALL"}}
            for name, keys in indexes
        ]
    settings["StreamSpecification"] = _STREAM
    return Table(f"{text(inputs.get('tableName'))}-{reading.place.environment}", settings)


def _keys(given: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(attribute, type letter) of ``partitionKey`` and ``sortKey``."""
    both = (mapping(given.get(name)) for name in ("partitionKey", "sortKey"))
    return [
        (text(key["fieldName"]), _LETTERS.get(text(key.get("fieldType")).lower(), "S"))
        for key in both
        if key.get("fieldName")
    ]


def _of_parameters(reading: Reading, given: Mapping[str, Any]) -> Table:
    keys = [(text(given["partitionKeyName"]), text(given.get("partitionKeyType"), "S"))]
    if text(given.get("sortKeyName")):
        keys.append((text(given["sortKeyName"]), text(given.get("sortKeyType"), "S")))
    settings = {
        "AttributeDefinitions": [{"AttributeName": name, "AttributeType": kind} for name, kind in keys],
        "KeySchema": _schema(keys),
        "StreamSpecification": _STREAM,
    }
    return Table(f"{text(given.get('tableName'))}-{reading.place.environment}", settings)


def _schema(keys: list[tuple[str, str]]) -> list[dict[str, str]]:
    return [
        {"AttributeName": name, "KeyType": kind} for (name, _), kind in zip(keys, ("HASH", "RANGE"), strict=False)
    ]
