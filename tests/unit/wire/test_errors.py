"""Errors in each protocol's shape."""

import zlib
from typing import Any

import orjson
import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.parsers import create_parser

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.wire import protocols
from habitr_emulator.wire.answers import Answer
from habitr_emulator.wire.http import Headers, Request, Response
from habitr_emulator.wire.model import InvalidInput, Service, UnparsableInput, service
from habitr_emulator.wire.refusals import invalid_input, refuse, unknown_operation

ID = "6b3fa1e2-0000-4000-8000-1234567890ab"


class ConditionalCheckFailedException(AwsError):
    code, status = "ConditionalCheckFailedException", 400
    default_message = "The conditional request failed"


def answered(name: str, error: AwsError, method: str = "POST") -> Response:
    return protocols.serialize_error(service(name), error, Answer(ID, method=method))


def parsed(name: str, response: Response) -> Any:
    """What botocore makes of an error."""
    model = ServiceModel(Loader().load_service_model(name, "service-2"), name)
    headers = {key.lower(): value for key, value in response.headers.items()}
    raw = {"status_code": response.status, "headers": headers, "body": response.body}
    return create_parser(model.metadata["protocol"]).parse(raw, None)["Error"]


@pytest.mark.parametrize("name", ["cognito-idp", "dynamodb", "lambda", "pinpoint", "appsync", "s3", "sts", "iam"])
def test_botocore_reads_code_and_message(name: str) -> None:
    error = ConditionalCheckFailedException('no <such> & "thing" é', why="because\nof é")
    response = answered(name, error)
    found = parsed(name, response)
    assert (found["Code"], found["Message"]) == (error.code, error.message)
    assert response.headers["x-habitr-why"] == "because of \\xe9"


def test_dynamodb_prefixes_the_type_and_sends_a_crc_also_of_errors() -> None:
    response = answered("dynamodb", ConditionalCheckFailedException(Item={"a": {"B": b"\x00"}}))
    assert isinstance(response.body, bytes)
    assert orjson.loads(response.body) == {
        "__type": "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",
        "message": "The conditional request failed",
        "Item": {"a": {"B": "AA=="}},
    }
    assert int(response.headers["x-amz-crc32"]) == zlib.crc32(response.body)
    assert response.headers["Content-Type"] == "application/x-amz-json-1.0"


def test_cognito_has_a_plain_type_and_two_headers() -> None:
    response = answered("cognito-idp", ConditionalCheckFailedException("Incorrect username or password."))
    assert isinstance(response.body, bytes)
    assert orjson.loads(response.body)["__type"] == "ConditionalCheckFailedException"
    assert response.headers["x-amzn-ErrorType"] == "ConditionalCheckFailedException:"
    assert response.headers["x-amzn-ErrorMessage"] == "Incorrect username or password."


def test_s3_names_the_request_in_header_and_body_and_is_silent_to_head() -> None:
    response = answered("s3", ConditionalCheckFailedException(Key="a\rb", BucketName=None))
    assert isinstance(response.body, bytes)
    number = response.headers["x-amz-request-id"]
    assert f"<RequestId>{number}</RequestId>".encode() in response.body
    assert b"<Key>a&#13;b</Key>" in response.body
    assert b"BucketName" not in response.body
    assert (answered("s3", ConditionalCheckFailedException(), "HEAD").body, len(number)) == (b"", 16)


@pytest.mark.parametrize(
    ("name", "invalid", "unparsable"),
    [
        ("cognito-idp", "InvalidParameterException", "SerializationException"),
        ("dynamodb", "ValidationException", "SerializationException"),
        ("lambda", "ValidationException", "SerializationException"),
        ("appsync", "BadRequestException", "SerializationException"),
        ("sts", "ValidationError", "ValidationError"),
        ("s3", "InvalidRequest", "MalformedXML"),
    ],
)
def test_a_refused_input_has_the_name_that_the_service_gives_it(name: str, invalid: str, unparsable: str) -> None:
    assert invalid_input(service(name), InvalidInput(["x"])).code == invalid
    assert invalid_input(service(name), UnparsableInput("x")).code == unparsable


@pytest.mark.parametrize(
    ("kind", "protocol", "expected"),
    [
        ("access_denied", "rest-xml", (403, "AccessDenied")),
        ("access_denied", "json", (400, "AccessDeniedException")),
        ("access_denied", "execute-api", (403, "AccessDeniedException")),
        ("access_denied", "query", (403, "AccessDenied")),
        ("missing_authentication", "json", (400, "MissingAuthenticationTokenException")),
        ("missing_authentication", "appsync", (401, "UnauthorizedException")),
        ("unknown_key", "rest-xml", (403, "InvalidAccessKeyId")),
        ("unknown_key", "query", (403, "InvalidClientTokenId")),
        ("unknown_key", "appsync", (403, "UnrecognizedClientException")),
        ("expired_token", "rest-xml", (400, "ExpiredToken")),
        ("expired_token", "rest-json", (403, "ExpiredTokenException")),
        ("wrong_token", "rest-xml", (400, "InvalidToken")),
        ("malformed", "query", (400, "IncompleteSignature")),
    ],
)
def test_a_refusal_has_the_code_and_status_of_the_protocol(
    kind: str, protocol: str, expected: tuple[int, str]
) -> None:
    error = refuse(kind, protocol, message="m", why="w")
    assert (error.status, error.code, error.message, error.why) == (*expected, "m", "w")


@pytest.mark.parametrize(
    ("found", "name", "expected"),
    [
        ("dynamodb", "Foo", (400, "UnknownOperationException")),
        ("s3", "torrent", (501, "NotImplemented")),
        ("s3", "", (405, "MethodNotAllowed")),
        ("sts", "Foo", (400, "InvalidAction")),
        ("", "AmazonSQS.ListQueues", (501, "NotImplemented")),
    ],
)
def test_what_does_not_exist_is_said_to(found: str, name: str, expected: tuple[int, str]) -> None:
    known: Service | None = service(found) if found else None
    error = unknown_operation(known, name)
    assert (error.status, error.code) == expected


def test_graphql_refusals_are_graphql_errors() -> None:
    response = protocols.error_of_endpoint(
        "appsync.graphql", refuse("missing_authentication", "appsync"), Answer(ID)
    )
    assert isinstance(response.body, bytes)
    body = orjson.loads(response.body)
    assert body["errors"] == [
        {"errorType": "UnauthorizedException", "message": "You are not authorized to make this call."}
    ]
    assert (response.status, response.headers["x-amzn-ErrorType"]) == (401, "UnauthorizedException")


def parse(name: str, operation: str, body: bytes, target: str = "/", **labels: str) -> dict[str, Any]:
    request = Request("POST", target, Headers([("host", "localhost")]), body)
    return protocols.parse(service(name).operations[operation], request, labels)


@pytest.mark.parametrize(
    "body",
    [
        b"<Delete><Object>",
        b"<Other/>",
        b"<Delete><Object><VersionId>1</VersionId></Object></Delete>",
        b'<!DOCTYPE x [<!ENTITY a "b">]><Delete><Object><Key>&a;</Key></Object></Delete>',
        b"<Delete>" + b"<a>" * 200 + b"</a>" * 200 + b"</Delete>",
        b"",
    ],
)
def test_xml_that_does_not_fit_is_malformed(body: bytes) -> None:
    with pytest.raises(UnparsableInput):
        parse("s3", "DeleteObjects", body, "/b?delete", Bucket="b")


def test_xml_is_read_with_and_without_namespace() -> None:
    for root in (b"<Delete>", b'<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'):
        found = parse("s3", "DeleteObjects", root + b"<Object><Key>a&#13;b</Key></Object></Delete>", Bucket="b")
        assert found["Delete"] == {"Objects": [{"Key": "a\rb"}]}


def test_a_number_that_is_none_is_an_invalid_argument_of_s3() -> None:
    with pytest.raises(UnparsableInput) as caught:
        parse("s3", "ListObjectsV2", b"", "/b?list-type=2&max-keys=many", Bucket="b")
    error = invalid_input(service("s3"), caught.value)
    assert (error.code, error.message) == (
        "InvalidArgument",
        "Provided max-keys not an integer or within integer range",
    )
    assert error.fields == {"ArgumentName": "max-keys", "ArgumentValue": "many"}


def test_a_condition_with_a_date_that_is_none_is_ignored() -> None:
    lines = [("host", "localhost"), ("if-modified-since", "yesterday")]
    request = Request("GET", "/b/k", Headers(lines))
    found = protocols.parse(service("s3").operations["GetObject"], request, {"Bucket": "b", "Key": "k"})
    assert found == {"Bucket": "b", "Key": "k"}


def test_json_that_is_nested_too_deeply_is_refused() -> None:
    deep = b'{"TableName":"t","Item":{"a":' + b'{"M":{"a":' * 480 + b'{"S":""}' + b"}}" * 480 + b"}}"
    with pytest.raises(UnparsableInput):
        parse("dynamodb", "PutItem", deep)


def test_the_location_of_a_bucket_is_its_root_element() -> None:
    operation = service("s3").operations["GetBucketLocation"]
    body = protocols.serialize(operation, {"LocationConstraint": "eu-west-1"}, Answer(ID)).body
    assert isinstance(body, bytes)
    namespace = b'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'
    assert body.endswith(b"<LocationConstraint " + namespace + b">eu-west-1</LocationConstraint>")


def test_headers_hoisted_into_a_presigned_url_count_as_headers() -> None:
    found = parse("s3", "PutObject", b"x", "/b/k?x-amz-acl=private&x-amz-meta-a=1", Bucket="b", Key="k")
    assert (found["ACL"], found["Metadata"], found["Body"]) == ("private", {"a": "1"}, b"x")


def test_a_key_that_is_no_text_is_an_invalid_uri() -> None:
    with pytest.raises(AwsError) as caught:
        parse("s3", "GetObject", b"", "/b/%FF", Bucket="b", Key="\udcff")
    assert caught.value.code == "InvalidURI"
