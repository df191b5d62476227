"""Where a transformed API lives: names that resolvers, tables and data sources need."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from habitr_emulator.amplify.auth.grants import IamRoles
from habitr_emulator.amplify.resolvers.steps import UserTemplates
from habitr_emulator.amplify.transform.transformation import Key, Model, Transformation
from habitr_emulator.services.appsync.spec import DataSource
from habitr_emulator.services.dynamodb.spec import Table

Settings = dict[str, object]


@dataclass(frozen=True, slots=True)
class Resources:
    """``user_templates`` are the project's own templates by (type, field), ``conflict_handlers`` DataStore's by
    model, that of all others under "".
    """

    api_id: str = "api"
    environment: str = "dev"
    iam: IamRoles = IamRoles()  # noqa: RUF009 - frozen
    user_templates: Mapping[tuple[str, str], UserTemplates] = field(default_factory=dict)
    conflict_handlers: Mapping[str, str] = field(default_factory=dict)

    def table_name(self, model: Model) -> str:
        """``Habit-<apiId>-dev``."""
        return f"{model.table}-{self.api_id}-{self.environment}"


def data_source(model: Model, resources: Resources) -> DataSource:
    """``HabitTable``."""
    config = {"table_name": resources.table_name(model)}
    handler = resources.conflict_handlers.get(model.name) or resources.conflict_handlers.get("")
    if handler:
        config["conflict_handler"] = handler
    return DataSource(f"{model.name}Table", "AMAZON_DYNAMODB", config)


def search_index(model: Model) -> str:
    """The OpenSearch index of a model's items."""
    return model.name.lower()


def table(transformation: Transformation, model: Model, resources: Resources) -> Table:
    """The table of a model, as CreateTable takes it. All indexes project everything."""
    attributes: dict[str, str] = {}
    settings: Settings = {
        "TableName": resources.table_name(model),
        "KeySchema": _key_schema(transformation, model, model.key, attributes),
        "BillingMode": "PAY_PER_REQUEST",
        "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    }
    for key in model.indexes:
        local = key.hash == model.key.hash and not transformation.flags.secondarykeyasgsi and not key.implicit
        described = {
            "IndexName": key.name,
            "KeySchema": _key_schema(transformation, model, key, attributes),
            "Projection": {"ProjectionType": "ALL"},
        }
        found = settings.setdefault("LocalSecondaryIndexes" if local else "GlobalSecondaryIndexes", [])
        assert isinstance(found, list)
        found.append(described)
    settings["AttributeDefinitions"] = [
        {"AttributeName": name, "AttributeType": kind} for name, kind in attributes.items()
    ]
    index = search_index(model) if model.output.directive("searchable") else None
    return Table(
        resources.table_name(model), settings, "_ttl" if transformation.synced(model.name) else None, index
    )


def _key_schema(
    transformation: Transformation, model: Model, key: Key, attributes: dict[str, str]
) -> list[dict[str, str]]:
    attributes[key.hash] = transformation.attribute_type(transformation.key_field(model, key.hash).type)
    schema = [{"AttributeName": key.hash, "KeyType": "HASH"}]
    if key.range_attribute:
        single = len(key.sort) == 1
        field_type = transformation.key_field(model, key.sort[0]).type if single else "String"
        attributes[key.range_attribute] = transformation.attribute_type(field_type)
        schema.append({"AttributeName": key.range_attribute, "KeyType": "RANGE"})
    return schema
