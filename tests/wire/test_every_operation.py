"""botocore is the oracle: what it sends we read, what we answer it reads, for every operation of every model."""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import orjson
import pytest
from botocore.awsrequest import create_request_object, prepare_request_dict
from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel
from botocore.parsers import create_parser
from botocore.serialize import create_serializer

from habitr_emulator.wire import json_shapes, model, protocols, rest_routes, s3_routes, xml_shapes
from habitr_emulator.wire.answers import Answer
from habitr_emulator.wire.detect import Names, OperationCall, detect
from habitr_emulator.wire.http import Headers, Request
from habitr_emulator.wire.model import KNOWN, Operation, service
from tests.conftest import PACKAGE

AT = datetime(2026, 11, 21, 19, 2, 3, tzinfo=UTC)
LOADER = Loader()
MODELS = PACKAGE / "wire" / "models"
#: Requests that another operation has as well (its newer name), or that go to another endpoint.
SHADOWED = s3_routes._LEFT_OUT
#: Answers that botocore's parser alone does not read: event streams, and a root element without a structure.
UNREAD = {"SelectObjectContent", "InvokeWithResponseStream", "GetBucketLocation"}
BY_SERVICE = [known.name for known in KNOWN]


@pytest.fixture(scope="module", autouse=True)
def without_constraints() -> Iterator[None]:
    """Samples are well-typed, but match no pattern: constraints are switched off here, and tested elsewhere."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_shapes, "check_of", lambda _: None)
        patch.setattr(xml_shapes, "check_of", lambda _: None)
        forget()
        yield
    forget()


def forget() -> None:
    for cached in (model.service, rest_routes._routes, s3_routes._routes, s3_routes._sub_resources):
        cached.cache_clear()


def models(name: str) -> ServiceModel:
    """botocore's model of a service, without the members that are younger than ours: botocore grows every week."""
    described = LOADER.load_service_model(name, "service-2")
    ours = orjson.loads((MODELS / f"{name}.json").read_bytes())["shapes"]
    for shape, known in ours.items():
        theirs = described["shapes"].get(shape, {})
        if "members" in theirs:
            theirs["members"] = {key: each for key, each in theirs["members"].items() if key in known["members"]}
    return ServiceModel(described, name)


def sample(shape: Any, name: str = "x", above: tuple[str, ...] = ()) -> Any:
    """A value of a botocore shape with every member filled, as far as it does not contain itself."""
    if getattr(shape, "is_document_type", False):
        return {"any": [1, "two", None]}
    if shape.type_name == "structure":
        members = {key: each for key, each in shape.members.items() if fits(each, (*above, shape.name))}
        if shape.is_tagged_union:
            members = dict(list(members.items())[:1])
        return {key: sample(each, key, (*above, shape.name)) for key, each in members.items()}
    if shape.type_name == "list":
        return [sample(shape.member, name, above), sample(shape.member, name, above)]
    if shape.type_name == "map":
        return {"k-1": sample(shape.value, name, above)}
    if shape.type_name == "string":
        return shape.enum[0] if shape.enum else f'{name} é&<>"+/%1'[: 99 if name != "Bucket" else 1]
    plain = {"integer": 7, "long": 2**40, "boolean": True, "double": 1.5, "float": 2.5, "timestamp": AT}
    return plain.get(shape.type_name, b"\x00\xff\x10")


def fits(shape: Any, above: tuple[str, ...]) -> bool:
    """Whether a shape can be filled: it is no event stream, and does not contain what is above it."""
    if shape.type_name == "structure":
        return shape.name not in above and "eventstream" not in shape.metadata and not is_stream(shape)
    if shape.type_name == "list":
        return fits(shape.member, above)
    return fits(shape.value, above) if shape.type_name == "map" else True


def is_stream(shape: Any) -> bool:
    return bool(getattr(shape, "is_streaming", False)) or bool(shape.serialization.get("eventstream"))


def ascii_headers(shape: Any, value: dict[str, Any]) -> dict[str, Any]:
    """Header values can only be ASCII text."""
    for name, member in shape.members.items():
        place = member.serialization.get("location")
        if place in ("header", "headers") and name in value:
            value[name] = of_ascii(value[name])
    return value


def of_ascii(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("ascii", "ignore").decode().replace(",", "")
    if isinstance(value, list):
        return [of_ascii(each) for each in value]
    return {key: of_ascii(each) for key, each in value.items()} if isinstance(value, dict) else value


def plain(value: Any) -> Any:
    """datetimes as seconds; what botocore adds by itself is dropped."""
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, dict):
        return {
            key: plain(each) for key, each in value.items() if key not in ("ResponseMetadata", "ExpiresString")
        }
    return [plain(each) for each in value] if isinstance(value, list) else value


def sent(operation: OperationModel, params: dict[str, Any], signing_name: str) -> Request:
    """The request that botocore sends for ``params``, with a credential scope."""
    serializer = create_serializer(operation.service_model.metadata["protocol"], include_validation=False)
    described = serializer.serialize_to_request(params, operation)
    prepare_request_dict(described, "http://localhost:4566")
    prepared = create_request_object(described).prepare()
    headers = [(name.lower(), text(value)) for name, value in prepared.headers.items()]
    scope = f"20261121/us-east-1/{signing_name}/aws4_request"
    headers += [("host", "localhost:4566"), ("authorization", f"AWS4-HMAC-SHA256 Credential=test/{scope}, x=y")]
    body = prepared.body.encode() if isinstance(prepared.body, str) else prepared.body or b""
    return Request(
        operation.http["method"], prepared.url.removeprefix("http://localhost:4566"), Headers(headers), body
    )


def text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


@pytest.mark.parametrize("name", BY_SERVICE)
def test_what_botocore_sends_is_found_and_read(name: str) -> None:
    described = models(name)
    for each, ours in service(name).operations.items():
        if each in SHADOWED and name == "s3":
            continue
        operation = described.operation_model(each)
        params = {}
        if operation.input_shape is not None:
            params = ascii_headers(operation.input_shape, sample(operation.input_shape))
        request = sent(operation, params, ours.service.signing_name)
        call = detect(request, Names())
        assert isinstance(call, OperationCall), each
        assert call.operation is ours, (each, call.operation)
        assert protocols.parse(ours, request, call.labels) == expected(name, plain(params), operation), each


def expected(name: str, params: dict[str, Any], operation: OperationModel) -> dict[str, Any]:
    """S3's Expires is kept as text."""
    if name == "s3" and isinstance(params.get("Expires"), float):
        params["Expires"] = "Sat, 21 Nov 2026 19:02:03 GMT"
    return params


@pytest.mark.parametrize("name", BY_SERVICE)
def test_what_we_answer_botocore_reads(name: str) -> None:
    described = models(name)
    parser = create_parser(described.metadata["protocol"])
    for each, ours in service(name).operations.items():
        shape = described.operation_model(each).output_shape
        if shape is None or each in UNREAD | SHADOWED:
            continue
        output = ascii_headers(shape, sample(shape))
        for member in shape.members:
            if shape.members[member].serialization.get("location") == "statusCode":
                output[member] = 202
        response = protocols.serialize(ours, plain(output), Answer("00000000-0000-4000-8000-000000000000"))
        payload = ours.output.payload if ours.output else None
        assert isinstance(response.body, bytes)
        body = BytesIO(response.body) if payload and payload.shape.type == "blob" else response.body
        raw = {"status_code": response.status, "headers": caseless(response.headers), "body": body}
        read = parser.parse(raw, shape)
        if isinstance(body, BytesIO) and payload:
            read[payload.name] = body.read()
        assert plain(read) == plain(output), each


def caseless(headers: dict[str, str]) -> Any:
    from botocore.compat import HTTPHeaders

    made = HTTPHeaders()
    for name, value in headers.items():
        made[name] = value
    return made


def test_operations_without_an_output_answer_an_empty_body() -> None:
    empty: list[Operation] = [o for o in service("cognito-identity").operations.values() if o.output is None]
    assert {o.name for o in empty} >= {"DeleteIdentityPool", "SetIdentityPoolRoles", "UnlinkIdentity"}
    assert all(protocols.serialize(o, {}, Answer("1")).body == b"" for o in empty)
