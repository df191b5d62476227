"""AWS's service models, read-only: which operations a service has, and what their input and output look like.

    operation = service("cognito-idp").operations["SignUp"]
    operation.snake, operation.input.members["Username"].shape.type      # "sign_up", "string"

The files are made by ``scripts/sync_models.py``. A model is read when its service is first asked for.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal, NamedTuple

import orjson

Protocol = Literal["json", "rest-json", "rest-xml", "query"]
#: A compiled reader of a JSON value: (value, violations found so far) -> converted value.
Reader = Callable[[Any, list[Any]], Any]
_MODELS = Path(__file__).parent / "models"


class InvalidInput(Exception):
    """The input breaks constraints of the model. ``violations`` are in AWS's words."""

    def __init__(self, violations: list[str]) -> None:
        self.violations = violations
        count = len(violations)
        self.message = f"{count} validation error{'s' if count != 1 else ''} detected: {'; '.join(violations)}"
        super().__init__(self.message)


class UnparsableInput(Exception):
    """The body is no JSON or XML, or a value has the wrong JSON type."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


class Known(NamedTuple):
    """What must be known of a service before its model is read."""

    name: str
    package: str
    signing_name: str
    target_prefix: str = ""


KNOWN = (
    Known("cognito-idp", "cognito_idp", "cognito-idp", "AWSCognitoIdentityProviderService"),
    Known("cognito-identity", "cognito_identity", "cognito-identity", "AWSCognitoIdentityService"),
    Known("dynamodb", "dynamodb", "dynamodb", "DynamoDB_20120810"),
    Known("dynamodbstreams", "dynamodb", "dynamodb", "DynamoDBStreams_20120810"),
    Known("s3", "s3", "s3"),
    Known("sts", "sts", "sts"),
    Known("iam", "iam", "iam"),
    Known("lambda", "lambda_", "lambda"),
    Known("appsync", "appsync", "appsync"),
    Known("pinpoint", "pinpoint", "mobiletargeting"),
    Known("logs", "logs", "logs", "Logs_20140328"),
)
_BY_NAME = {known.name: known for known in KNOWN}
_BY_TARGET = {known.target_prefix: known.name for known in KNOWN if known.target_prefix}
_BY_SIGNING_NAME = {known.signing_name: known.name for known in reversed(KNOWN)}


class Member:
    """A member of a structure: its shape, and the traits that say where and how it travels.

    ``location`` is ``""`` (body), ``uri``, ``querystring``, ``header``, ``headers`` or ``statusCode``;
    ``wire_name`` is its name there.
    """

    __slots__ = ("_shapes", "_target", "location", "name", "traits", "wire_name")

    def __init__(self, name: str, traits: Mapping[str, Any], shapes: "Shapes") -> None:
        self.name, self.traits = name, traits
        self.location: str = traits.get("location", "")
        self.wire_name: str = traits.get("locationName", name)
        self._shapes, self._target = shapes, traits["shape"]

    @property
    def shape(self) -> "Shape":
        """The shape that the member has."""
        return self._shapes.get(self._target)


class Shape:
    """One shape of a model; ``traits`` is its raw description."""

    def __init__(self, name: str, traits: Mapping[str, Any], shapes: "Shapes") -> None:
        self.name, self.traits, self._shapes = name, traits, shapes
        self.type: str = traits["type"]

    @cached_property
    def members(self) -> dict[str, Member]:
        """A structure's members, by name."""
        listed = self.traits.get("members", {})
        return {name: Member(name, traits, self._shapes) for name, traits in listed.items()}

    @cached_property
    def required(self) -> tuple[str, ...]:
        """The members that must be there."""
        return tuple(self.traits.get("required", ()))

    @cached_property
    def payload(self) -> Member | None:
        """The member that is the whole body, if there is one."""
        name = self.traits.get("payload")
        return self.members[name] if name else None

    @cached_property
    def body_members(self) -> tuple[Member, ...]:
        """The members that travel in the body."""
        return tuple(member for member in self.members.values() if not member.location)

    @cached_property
    def located_members(self) -> tuple[Member, ...]:
        """The members that travel in path, query string or headers by a prefix, or as the status."""
        return tuple(m for m in self.members.values() if m.location and m.location != "header")

    @cached_property
    def header_members(self) -> dict[str, Member]:
        """The members that are headers, by lower-case header name."""
        return {m.wire_name.lower(): m for m in self.members.values() if m.location == "header"}

    def part(self, name: Literal["member", "key", "value"]) -> Member:
        """The element of a list, or the key or value of a map."""
        return Member(name, self.traits[name], self._shapes)

    @cached_property
    def streaming(self) -> bool:
        """Whether the payload is a stream of bytes (S3 objects, Lambda's response)."""
        payload = self.payload
        if payload is None or payload.shape.type != "blob":
            return False
        return bool(payload.traits.get("streaming") or payload.shape.traits.get("streaming"))

    @cached_property
    def reader(self) -> Reader:
        """Converts and checks a JSON value of this shape; compiled once."""
        from habitr_emulator.wire.json_shapes import reader_of

        return reader_of(self)


class Shapes:
    """A model's shapes, made when asked for."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self._raw = raw
        self._made: dict[str, Shape] = {}

    def get(self, name: str) -> Shape:
        """The shape of a name; the same object every time."""
        found = self._made.get(name)
        if found is None:
            found = self._made[name] = Shape(name, self._raw[name], self)
        return found

    def all(self) -> list[Shape]:
        """Every shape."""
        return [self.get(name) for name in self._raw]


class Operation:
    """One AWS action of a service."""

    def __init__(self, name: str, traits: Mapping[str, Any], service: "Service") -> None:
        self.name, self.traits, self.service = name, traits, service
        self.snake = snake_case(name)
        self.http_method: str = traits["http"]["method"]
        self.http_uri: str = traits["http"]["requestUri"]
        self.response_code: int = traits["http"].get("responseCode", 200)
        self.unsigned: bool = traits.get("unsigned", False)
        self.errors: tuple[str, ...] = tuple(traits.get("errors", ()))

    def __repr__(self) -> str:
        return f"{self.service.name}:{self.name}"

    @cached_property
    def input(self) -> Shape | None:
        """The shape of the request."""
        return self.service.shapes.get(self.traits["input"]) if "input" in self.traits else None

    @cached_property
    def output(self) -> Shape | None:
        """The shape of the response; None answers with an empty body."""
        return self.service.shapes.get(self.traits["output"]) if "output" in self.traits else None

    @property
    def streaming_input(self) -> bool:
        """Whether the request body is a stream that is not read ahead."""
        return self.input is not None and self.input.streaming

    @property
    def streaming_output(self) -> bool:
        """Whether the response body is a stream."""
        return self.output is not None and self.output.streaming


class Service:
    """One AWS service: ``name`` as endpoints spell it, ``package`` as our folders do."""

    def __init__(self, known: Known, model: Mapping[str, Any]) -> None:
        metadata = model["metadata"]
        self.name, self.package = known.name, known.package
        self.signing_name: str = metadata["signingName"]
        self.protocol: Protocol = metadata["protocol"]
        self.json_version: str = metadata.get("jsonVersion", "1.0")
        self.target_prefix: str = metadata.get("targetPrefix", "")
        self.api_version: str = metadata["apiVersion"]
        self.xml_namespace: str = metadata.get("xmlNamespace", "")
        self.shapes = Shapes(model["shapes"])
        self.operations = {name: Operation(name, traits, self) for name, traits in model["operations"].items()}

    def __repr__(self) -> str:
        return self.name


@cache
def service(name: str) -> Service:
    """The service of a name (``cognito-idp``); KeyError if there is no model of it."""
    return Service(_BY_NAME[name], orjson.loads((_MODELS / f"{name}.json").read_bytes()))


def services() -> list[Service]:
    """Every modelled service (reads all models: for tools and tests)."""
    return [service(known.name) for known in KNOWN]


def service_of_target(target: str) -> Service | None:
    """The service of an ``X-Amz-Target`` header (``DynamoDB_20120810.PutItem``), if it is modelled."""
    name = _BY_TARGET.get(target.rpartition(".")[0])
    return service(name) if name else None


def service_of_signing_name(signing_name: str) -> Service | None:
    """The service of a credential scope (``mobiletargeting`` is pinpoint), if it is modelled."""
    name = _BY_SIGNING_NAME.get(signing_name)
    return service(name) if name else None


@cache
def snake_case(name: str) -> str:
    """``AdminSetUserMFAPreference`` -> ``admin_set_user_mfa_preference``, as AWS's Python SDK names calls."""
    plural = re.sub(r"[A-Z]{2,}s$", lambda letters: f"_{letters[0].lower()}", name)  # …URLs is …_urls
    split = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", plural)
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", split).lower()
