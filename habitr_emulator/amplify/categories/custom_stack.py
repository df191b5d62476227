"""Custom stacks of a GraphQL API (``stacks/*.json``): resolvers, pipeline functions and data sources in VTL.

https://docs.amplify.aws/gen1/javascript/build-a-backend/graphqlapi/custom-business-logic/#vtl-resolver
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from habitr_emulator.amplify.cloudformation import Template
from habitr_emulator.amplify.files import read_json, read_text
from habitr_emulator.amplify.place import Place
from habitr_emulator.kernel.errors import ProjectError
from habitr_emulator.services.appsync.spec import DataSource, Function, Resolver, Vtl

_FUNCTION = "AWS::AppSync::FunctionConfiguration"
_RESOLVER = "AWS::AppSync::Resolver"
_SOURCE = "AWS::AppSync::DataSource"
_BUCKET = "s3://deployment/amplify/"


@dataclass(slots=True)
class CustomStack:
    """What the stacks add to the API."""

    resolvers: dict[tuple[str, str], Resolver] = field(default_factory=dict)
    data_sources: dict[str, DataSource] = field(default_factory=dict)


def read(place: Place, folder: Path, api_id: str, tables: Mapping[str, str]) -> CustomStack:
    """Read every stack of an API; ``tables`` maps a model to its table's name. Raises ProjectError."""
    stack = CustomStack()
    for path in sorted((folder / "stacks").glob("*.json")):
        _Reader(place, folder, path, api_id, tables).add_to(stack)
    return stack


class _Reader:
    """Reads one template."""

    def __init__(self, place: Place, folder: Path, path: Path, api_id: str, tables: Mapping[str, str]) -> None:
        self._folder, self._file, self._tables = folder, str(path), tables
        parameters = {
            "AWS::Region": place.region,
            "AWS::AccountId": place.account_id,
            "AWS::Partition": "aws",
            "AWS::StackName": f"amplify-{place.project}-{place.environment}",
            "AppSyncApiId": api_id,
            "AppSyncApiName": folder.name,
            "env": place.environment,
            "S3DeploymentBucket": "deployment",
            "S3DeploymentRootKey": "amplify",
            **(read_json(folder / "parameters.json") or {}),
        }
        self._template = Template(
            read_json(path), parameters, self._file, attributes=self._attribute, imports=self._import
        )

    def _attribute(self, name: str, attribute: str | None) -> Any:
        """References between the stack's resources are by their logical ids."""
        return self._template.body["Resources"][name]["Properties"]["Name"] if attribute == "Name" else name

    def _import(self, name: str) -> Any:
        """``<apiId>:GetAtt:HabitTable:Name`` is the table, ``…:HabitDataSource:Name`` its data source."""
        _, _, rest = name.partition(":GetAtt:")
        resource, _, _ = rest.partition(":")
        if resource.endswith("DataSource"):
            return f"{resource.removesuffix('DataSource')}Table"
        return self._tables.get(resource.removesuffix("Table"))

    def add_to(self, stack: CustomStack) -> None:
        """Add the template's resources."""
        for _, _, given in self._template.resources(_SOURCE):
            source = self._source(given)
            stack.data_sources[source.name] = source
        functions = {name: self._function(given) for name, _, given in self._template.resources(_FUNCTION)}
        for _, _, given in self._template.resources(_RESOLVER):
            stack.resolvers[given["TypeName"], given["FieldName"]] = self._resolver(given, functions)

    def _source(self, given: Mapping[str, Any]) -> DataSource:
        name, kind = given["Name"], given["Type"]
        readers: dict[str, Callable[[], dict[str, str]]] = {
            "AMAZON_DYNAMODB": lambda: {"table_name": given["DynamoDBConfig"]["TableName"]},
            "AWS_LAMBDA": lambda: {
                "function_name": str(given["LambdaConfig"]["LambdaFunctionArn"]).rpartition(":")[2]
            },
            "HTTP": lambda: {"endpoint": given["HttpConfig"]["Endpoint"]},
            "NONE": dict,
        }
        if kind not in readers:
            raise ProjectError(f"data source {name}: type {kind} is not built in habitr-emulator", file=self._file)
        return DataSource(name, kind, readers[kind]())

    def _function(self, given: Mapping[str, Any]) -> Function:
        return Function(
            given["Name"],
            given["DataSourceName"],
            self._vtl(given, "RequestMappingTemplate"),
            self._vtl(given, "ResponseMappingTemplate"),
        )

    def _resolver(self, given: Mapping[str, Any], functions: Mapping[str, Function]) -> Resolver:
        request, response = self._vtl(given, "RequestMappingTemplate"), self._vtl(given, "ResponseMappingTemplate")
        if given.get("Kind") != "PIPELINE":
            name = f"{given['TypeName']}{given['FieldName']}"
            return Resolver("UNIT", (Function(name, given["DataSourceName"], request, response),))
        chosen = []
        for found in given["PipelineConfig"]["Functions"]:
            if found not in functions:
                raise ProjectError(f"the pipeline names an unknown function: {found}", file=self._file)
            chosen.append(functions[found])
        return Resolver("PIPELINE", tuple(chosen), before=request, after=response)

    def _vtl(self, given: Mapping[str, Any], name: str) -> Vtl | None:
        if given.get("Code") or given.get("CodeS3Location") or given.get("Runtime"):
            raise ProjectError("JavaScript resolvers are not built in habitr-emulator", file=self._file)
        location = given.get(f"{name}S3Location")
        if location is None:
            return None if given.get(name) is None else Vtl(given[name])
        relative = Path(str(location).removeprefix(_BUCKET))
        path = (self._folder / relative).resolve()
        if not path.is_relative_to(self._folder.resolve()):
            raise ProjectError(f"the template lies outside the API's folder: {location}", file=self._file)
        return Vtl(read_text(path), relative.name)
