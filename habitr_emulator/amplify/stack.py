"""A resource's CloudFormation stack: its template, read, with names and ARNs for what is in it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from habitr_emulator.amplify.cloudformation import Template
from habitr_emulator.amplify.files import find_template, read_template
from habitr_emulator.amplify.listing import Resource
from habitr_emulator.amplify.reading import Reading
from habitr_emulator.amplify.shapes import mapping, text

#: Type -> the property that names a resource, the service in its ARN, what stands before the name there.
_NAMED = {
    "AWS::Lambda::Function": ("FunctionName", "lambda", "function:"),
    "AWS::Lambda::LayerVersion": ("LayerName", "lambda", "layer:"),
    "AWS::DynamoDB::Table": ("TableName", "dynamodb", "table/"),
    "AWS::IAM::Role": ("RoleName", "iam", "role/"),
    "AWS::S3::Bucket": ("BucketName", "s3", ""),
    "AWS::SNS::Topic": ("TopicName", "sns", ""),
    "AWS::SQS::Queue": ("QueueName", "sqs", ""),
    "AWS::Kinesis::Stream": ("Name", "kinesis", "stream/"),
    "AWS::Events::Rule": ("Name", "events", "rule/"),
}
_REF_IS_ARN = ("AWS::SNS::Topic", "AWS::Lambda::LayerVersion")
#: Parts of a stack that need no running, or that their owners run.
QUIET = (
    "AWS::IAM::Policy",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::Role",
    "AWS::Lambda::Permission",
    "AWS::Logs::LogGroup",
    "AWS::CloudFormation::WaitConditionHandle",
    "AWS::S3::BucketPolicy",
)


class Stack:
    """A template in its place in the project. ``given`` are the resource's own parameters."""

    def __init__(self, reading: Reading, resource: Resource, path: Path, given: Mapping[str, Any]) -> None:
        self.resource, self.path = resource, path
        self._place = reading.place
        self.template: Template = reading.template(resource, path, read_template(path), given)
        self.template.attributes = self.attribute

    @classmethod
    def find(cls, reading: Reading, resource: Resource, given: Mapping[str, Any]) -> "Stack | None":
        """The stack of a resource; None if its folder has no template. Raises ProjectError."""
        path = find_template(reading.folder(resource), resource.name)
        return None if path is None else cls(reading, resource, path, given)

    def named(self, logical_id: str) -> str:
        """The physical name of a resource: as the template says, else by its logical id."""
        resource = mapping(mapping(self.template.body.get("Resources")).get(logical_id))
        wanted = _NAMED.get(text(resource.get("Type")))
        given = mapping(resource.get("Properties")).get(wanted[0]) if wanted else None
        resolved = self.template.resolve(given) if given is not None else None
        return text(resolved) or self._made_up(logical_id)

    def _made_up(self, logical_id: str) -> str:
        """CloudFormation's own names end in random letters; these do not, so that they stay (guess)."""
        return f"{self.resource.name}-{logical_id}-{self._place.environment}"

    def arn(self, logical_id: str) -> str:
        """The ARN of a resource whose type is known, else ""."""
        kind = text(mapping(mapping(self.template.body.get("Resources")).get(logical_id)).get("Type"))
        if kind not in _NAMED:
            return ""
        _, service, stem = _NAMED[kind]
        name = self.named(logical_id)
        if service == "s3":
            return f"arn:aws:s3:::{name}"
        return self._place.arn(service, f"{stem}{name}", region=service != "iam")

    def attribute(self, logical_id: str, attribute: str | None) -> Any:
        """What Ref and GetAtt of a resource give; None if that is not known."""
        kind = text(mapping(mapping(self.template.body.get("Resources")).get(logical_id)).get("Type"))
        if kind == "AWS::ApiGateway::RestApi" and attribute is None:
            return self._place.rest_api_id(self.resource.name)
        if kind not in _NAMED:
            return None
        if attribute == "Arn" or (attribute is None and kind in _REF_IS_ARN):
            return self.arn(logical_id)
        if attribute == "StreamArn":
            return f"{self.arn(logical_id)}/stream/latest"
        if attribute in (None, _NAMED[kind][0]):
            return self.named(logical_id)
        return None

    def output(self, name: str) -> Any:
        """An output's value."""
        return self.template.output(name)
