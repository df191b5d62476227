"""Custom stacks of a GraphQL API (``stacks/*``): resolvers, pipeline functions, data sources and tables.

https://docs.amplify.aws/gen1/javascript/build-a-backend/graphqlapi/custom-business-logic/#vtl-resolver
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from habitr_emulator.amplify.categories import custom
from habitr_emulator.amplify.files import read_text
from habitr_emulator.amplify.listing import Resource
from habitr_emulator.amplify.reading import Reading
from habitr_emulator.amplify.shapes import mapping, text
from habitr_emulator.amplify.stack import Stack
from habitr_emulator.kernel.errors import ProjectError
from habitr_emulator.services.appsync.spec import DataSource, Function, JavaScript, Resolver, Template, Vtl
from habitr_emulator.services.dynamodb.spec import Table
from habitr_emulator.services.iam.spec import Role

_FUNCTION = "AWS::AppSync::FunctionConfiguration"
_RESOLVER = "AWS::AppSync::Resolver"
_SOURCE = "AWS::AppSync::DataSource"
_BUCKET = "s3://deployment/amplify/"


@dataclass(slots=True)
class CustomStack:
    """What the stacks add to the API and to the project."""

    resolvers: dict[tuple[str, str], Resolver] = field(default_factory=dict)
    data_sources: dict[str, DataSource] = field(default_factory=dict)
    tables: list[Table] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)


def read(reading: Reading, resource: Resource) -> CustomStack:
    """Read every stack of an API. What cannot be read, or is not known here, is noted and left out."""
    found, folder = CustomStack(), reading.folder(resource) / "stacks"
    if not folder.is_dir():
        return found
    for path in sorted(path for path in folder.iterdir() if path.suffix in (".json", ".yaml", ".yml")):
        with reading.notes.instead(f"{resource}/stacks/{path.name}"):
            _Reader(reading, resource, path).add_to(found)
    return found


class _Reader:
    """Reads one template."""

    def __init__(self, reading: Reading, resource: Resource, path: Path) -> None:
        self._reading, self._resource = reading, resource
        self._folder, self._file = reading.folder(resource), str(path)
        parameters = {
            **reading.parameters(resource),
            "AppSyncApiId": reading.place.graphql_api_id(resource.name),
            "AppSyncApiName": f"{resource.name}-{reading.place.environment}",
            "S3DeploymentBucket": "deployment",
            "S3DeploymentRootKey": "amplify",
        }
        self._stack = Stack(reading, resource, path, parameters)
        self._template = self._stack.template
        self._template.attributes = self._attribute

    def _attribute(self, name: str, attribute: str | None) -> Any:
        """References between the stack's AppSync resources are by their logical ids, or names."""
        resource = mapping(mapping(self._template.body.get("Resources")).get(name))
        if not text(resource.get("Type")).startswith("AWS::AppSync::"):
            return self._stack.attribute(name, attribute)
        if attribute != "Name":
            return name
        return text(self._template.resolve(mapping(resource.get("Properties")).get("Name")), name)

    def add_to(self, found: CustomStack) -> None:
        """Add the template's resources; one that cannot be had is noted."""
        brought = custom.of_stack(self._reading, self._stack)
        found.tables += brought.tables
        found.roles += brought.roles
        for logical_id, _, given in self._template.resources(_SOURCE):
            with self._noting(logical_id):
                source = self._source(given)
                found.data_sources[source.name] = source
        functions: dict[str, Function] = {}
        for logical_id, _, given in self._template.resources(_FUNCTION):
            with self._noting(logical_id):
                functions[logical_id] = self._function(given)
        for logical_id, _, given in self._template.resources(_RESOLVER):
            with self._noting(logical_id):
                found.resolvers[given["TypeName"], given["FieldName"]] = self._resolver(given, functions)

    def _noting(self, logical_id: str) -> Any:
        return self._reading.notes.instead(
            f"{self._resource}/stacks/{Path(self._file).name}", f"{logical_id} is not run"
        )

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
        size = int(given.get("MaxBatchSize") or 0)
        return Function(given["Name"], given["DataSourceName"], *self._templates(given), size)

    def _resolver(self, given: Mapping[str, Any], functions: Mapping[str, Function]) -> Resolver:
        request, response = self._templates(given)
        if given.get("Kind") != "PIPELINE":
            name = f"{given['TypeName']}{given['FieldName']}"
            size = int(given.get("MaxBatchSize") or 0)
            return Resolver("UNIT", (Function(name, given["DataSourceName"], request, response, size),))
        chosen = []
        for found in given["PipelineConfig"]["Functions"]:
            if found not in functions:
                raise ProjectError(f"the pipeline names an unknown function: {found}", file=self._file)
            chosen.append(functions[found])
        return Resolver("PIPELINE", tuple(chosen), before=request, after=response)

    def _templates(self, given: Mapping[str, Any]) -> tuple[Template | None, Template | None]:
        """The request and response templates: VTL each, or the two handlers of one JavaScript module."""
        code = self._text(given, "Code", "CodeS3Location")
        if code is not None:
            return JavaScript(code[0], "request", code[1]), JavaScript(code[0], "response", code[1])
        kinds = ("RequestMappingTemplate", "ResponseMappingTemplate")
        request, response = (self._text(given, kind, f"{kind}S3Location") for kind in kinds)
        return Vtl(*request) if request else None, Vtl(*response) if response else None

    def _text(self, given: Mapping[str, Any], inline: str, stored: str) -> tuple[str, str] | None:
        """(text, file name) of a template that stands in the stack or in a file of the API's folder."""
        location = given.get(stored)
        if location is None:
            return None if given.get(inline) is None else (text(given[inline]), "")
        relative = Path(str(location).removeprefix(_BUCKET))
        path = (self._folder / relative).resolve()
        if not path.is_relative_to(self._folder.resolve()):
            raise ProjectError(f"the template lies outside the API's folder: {location}", file=self._file)
        return read_text(path), relative.name
