"""A project while it is read: where it is, what it lists, and what its resources tell each other.

Amplify deploys every resource as a stack of its own; the root stack passes one's outputs to another as parameters
named ``<category><resource><output>`` (``authhabitrUserPoolId``).
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from habitr_emulator.amplify.cloudformation import Template
from habitr_emulator.amplify.files import read_object
from habitr_emulator.amplify.grants import Grants
from habitr_emulator.amplify.listing import Resource
from habitr_emulator.amplify.notes import Notes
from habitr_emulator.amplify.place import Place
from habitr_emulator.amplify.shapes import mapping, text

#: An output's name -> its value, None if there is no such output.
Outputs = Callable[[str], Any]


class Reading:
    """What the readers of the categories share."""

    def __init__(self, place: Place, resources: tuple[Resource, ...], notes: Notes) -> None:
        self.place, self.resources, self.notes = place, resources, notes
        self.grants = Grants(place, next((found.name for found in self.of("auth", "Cognito")), ""))
        self._outputs: dict[str, Outputs] = {}
        self._asked: set[str] = set()

    def of(self, category: str, *services: str) -> Iterator[Resource]:
        """The resources of a category that one of ``services`` provides."""
        for resource in self.resources:
            if resource.category == category and resource.service in services:
                yield resource

    def folder(self, resource: Resource) -> Path:
        """``backend/<category>/<resource>``."""
        return self.place.folder / resource.category / resource.name

    def provide(self, resource: Resource, outputs: Outputs) -> None:
        """Make a resource's outputs known to the others; they are worked out when one asks."""
        self._outputs[f"{resource.category}{resource.name}"] = outputs

    def output(self, name: str) -> Any:
        """An output by its parameter's name; None if no resource has it. Resources may ask in circles."""
        for prefix in sorted(self._outputs, key=len, reverse=True):
            if name.startswith(prefix) and name != prefix and name not in self._asked:
                self._asked.add(name)
                try:
                    found = self._outputs[prefix](name.removeprefix(prefix))
                finally:
                    self._asked.discard(name)
                if found is not None:
                    return found
        return None

    def parameters(self, resource: Resource, *files: str) -> dict[str, Any]:
        """What the root stack passes to a resource: its parameter files, and ``team-provider-info.json``."""
        given: dict[str, Any] = {}
        for name in files or ("parameters.json",):
            given |= read_object(self.folder(resource) / name)
        given |= self.place.parameters(resource.category, resource.name)
        return {name: self.root_value(value) for name, value in given.items()}

    def root_value(self, value: Any) -> Any:
        """A parameter's value as the root stack resolves it: ``{"Ref": "AuthRoleName"}``,
        ``{"Fn::GetAtt": ["authX", "Outputs.UserPoolId"]}``.
        """
        if not isinstance(value, dict) or len(value) != 1:
            return value
        parameters = {**self._pseudo(), **self._root()}
        return Template({}, parameters, attributes=self._root_attribute, complain=_ignore).resolve(value)

    def template(
        self, resource: Resource, path: Path, body: Mapping[str, Any], given: Mapping[str, Any]
    ) -> Template:
        """A resource's template with the root stack's parameters; what cannot be resolved is noted."""
        pseudo = self._pseudo(resource)
        made = Template(body, _Parameters({**pseudo, **self._root(), **given}, self.output), str(path))
        made.imports = self.exported
        made.complain = lambda problem: self.notes.add(str(resource), f"{path.name}: {problem}")
        return made

    def exported(self, name: str) -> Any:
        """``<apiId>:GetAtt:HabitTable:Name`` is the table, ``…:HabitDataSource:Name`` its data source."""
        api_id, found, rest = name.partition(":GetAtt:")
        resource, _, attribute = rest.partition(":")
        if not found:
            return None
        if resource.endswith("DataSource"):
            return f"{resource.removesuffix('DataSource')}Table"
        if resource.endswith("Table"):
            table = f"{resource.removesuffix('Table')}-{api_id}-{self.place.environment}"
            arn = self.place.arn("dynamodb", f"table/{table}")
            return {"Arn": arn, "StreamArn": f"{arn}/stream/latest"}.get(attribute, table)
        return api_id if attribute == "ApiId" else None

    def _root_attribute(self, name: str, attribute: str | None) -> Any:
        role = {"AuthRole": "authRole", "UnauthRole": "unauthRole"}.get(name)
        if role:
            return self.place.arn("iam", f"role/{self.place.role_name(role)}", region=False)
        return self.output(name + text(attribute).removeprefix("Outputs."))

    def _pseudo(self, resource: Resource | None = None) -> dict[str, Any]:
        place = self.place
        root = f"amplify-{place.project}-{place.environment}-00000"
        name = f"{root}-{resource.category}{resource.name}" if resource else root
        return {
            "AWS::Region": place.region,
            "AWS::AccountId": place.account_id,
            "AWS::Partition": "aws",
            "AWS::URLSuffix": "amazonaws.com",
            "AWS::StackName": name,
            "AWS::StackId": place.arn("cloudformation", f"stack/{name}/0"),
            "AWS::NotificationARNs": [],
        }

    def _root(self) -> dict[str, Any]:
        """The parameters that Amplify passes to any stack."""
        place = self.place
        roles: dict[str, str] = {}
        for kind, stem in (("authRole", "auth"), ("unauthRole", "unauth")):
            name = place.role_name(kind)
            roles |= {f"{stem}RoleName": name, f"{stem}RoleArn": place.arn("iam", f"role/{name}", region=False)}
        roles |= {name[0].upper() + name[1:]: value for name, value in roles.items()}
        bucket = text(mapping(place.provider.get("awscloudformation")).get("DeploymentBucketName"), "deployment")
        return {**roles, "env": place.environment, "deploymentBucketName": bucket, "DeploymentBucketName": bucket,
                "s3Key": "amplify-builds", "secretsPathAmplifyAppId": place.project}  # fmt: skip


class _Parameters(Mapping[str, Any]):
    """Parameters that are given, before those that other resources' outputs give."""

    def __init__(self, given: Mapping[str, Any], output: Callable[[str], Any]) -> None:
        self._given, self._output = given, output

    def __getitem__(self, name: str) -> Any:
        if name in self._given:
            return self._given[name]
        found = self._output(name)
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._given)

    def __len__(self) -> int:
        return len(self._given)


def _ignore(_: str) -> None:
    """A parameter that the root stack cannot resolve keeps its name."""
