"""The models, as everything else sees them."""

import pytest
from botocore import xform_name

from habitr_emulator.wire.model import (
    KNOWN,
    Known,
    service,
    service_of_signing_name,
    service_of_target,
    snake_case,
)


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: known.name)
def test_what_is_known_of_a_service_agrees_with_its_model(known: Known) -> None:
    found = service(known.name)
    assert (found.signing_name, found.target_prefix) == (known.signing_name, known.target_prefix)


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: known.name)
def test_operations_are_named_as_the_python_sdk_names_them(known: Known) -> None:
    assert all(snake_case(name) == xform_name(name) for name in service(known.name).operations)


def test_a_service_is_found_by_target_and_by_signing_name() -> None:
    assert service_of_target("DynamoDBStreams_20120810.GetRecords") is service("dynamodbstreams")
    assert service_of_signing_name("dynamodb") is service("dynamodb")
    assert service_of_signing_name("mobiletargeting") is service("pinpoint")
    assert service_of_target("Nope.GetRecords") is None
    assert service_of_signing_name("ec2") is None


def test_unsigned_and_streaming_operations_are_told() -> None:
    assert service("cognito-idp").operations["InitiateAuth"].unsigned
    assert not service("cognito-idp").operations["AdminGetUser"].unsigned
    streaming = {name for name, operation in service("s3").operations.items() if operation.streaming_input}
    assert {"PutObject", "UploadPart"} <= streaming
    assert service("s3").operations["GetObject"].streaming_output
    assert not service("lambda").operations["Invoke"].streaming_input
