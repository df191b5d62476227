"""DynamoDB's errors, and every message that more than one place needs.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
"""

from collections.abc import Iterable
from typing import Any, ClassVar

from habitr_emulator.kernel.errors import AwsError

INVALID = "One or more parameter values were invalid: "
NOT_VALID = "One or more parameter values are not valid. "
KEY_MISMATCH = "The provided key element does not match the schema"
TOO_LARGE = "Item size has exceeded the maximum allowed size"
UPDATE_TOO_LARGE = "Item size to update has exceeded the maximum allowed size"
NO_KEY = "Where clause does not contain a mandatory equality on all key attributes"
DUPLICATE_KEYS = "Provided list of item keys contains duplicates"
EMPTY_STRING = "The AttributeValue for a key attribute cannot contain an empty string value."
EMPTY_BINARY = "The AttributeValue for a key attribute cannot contain an empty binary value."


class DynamoDBError(AwsError):
    """An exception of the DynamoDB API itself."""

    status = 400
    namespace: ClassVar[str] = "com.amazonaws.dynamodb.v20120810"


class ValidationException(DynamoDBError):
    """The request breaks a rule; the message says which."""

    code = "ValidationException"
    namespace = "com.amazon.coral.validate"


class ItemRefused(ValidationException):
    """A key or index key has the wrong type or size; of a transaction it is a reason to be cancelled."""


class SerializationException(DynamoDBError):
    """The body is not JSON of the operation's shape."""

    code = "SerializationException"
    namespace = "com.amazon.coral.service"


class UnknownOperationException(DynamoDBError):
    """There is no such operation."""

    code = "UnknownOperationException"
    namespace = "com.amazon.coral.service"


class ResourceNotFoundException(DynamoDBError):
    """No such table, index or tag target."""

    code = "ResourceNotFoundException"
    default_message = "Requested resource not found"


class TableNotFoundException(DynamoDBError):
    """No such table, as the operations on backups say it."""

    code = "TableNotFoundException"


class TableAlreadyExistsException(DynamoDBError):
    """A table of that name exists, as restoring says it."""

    code = "TableAlreadyExistsException"


class BackupNotFoundException(DynamoDBError):
    """No such backup."""

    code = "BackupNotFoundException"


class ResourceInUseException(DynamoDBError):
    """The table exists already, or is changing."""

    code = "ResourceInUseException"


class LimitExceededException(DynamoDBError):
    """Too many indexes or changes at once."""

    code = "LimitExceededException"


class ConditionalCheckFailedException(DynamoDBError):
    """The condition was false. ``fields["Item"]`` is the item, if that was asked for."""

    code = "ConditionalCheckFailedException"
    default_message = "The conditional request failed"


class IdempotentParameterMismatchException(DynamoDBError):
    """A client request token came back with another request."""

    code = "IdempotentParameterMismatchException"
    default_message = (
        "An error occurred (IdempotentParameterMismatchException) when calling the TransactWriteItems operation: "
        "Idempotent parameter mismatch"  # guess: the service's wording is not documented
    )


class DuplicateItemException(DynamoDBError):
    """PartiQL's INSERT found an item with that key."""

    code = "DuplicateItemException"
    default_message = "Duplicate primary key exists in table"


class ExpiredIteratorException(DynamoDBError):
    """A shard iterator is older than 15 minutes."""

    code = "ExpiredIteratorException"
    default_message = "Iterator expired"  # guess: the service adds both times


class TrimmedDataAccessException(DynamoDBError):
    """The records asked for are older than a day, and gone."""

    code = "TrimmedDataAccessException"
    default_message = "The data you are trying to access has been trimmed."  # guess: wording


class TransactionCanceledException(DynamoDBError):
    """A transaction had no effect; ``fields["CancellationReasons"]`` says why, item by item."""

    code = "TransactionCanceledException"

    def __init__(self, reasons: list[dict[str, Any]]) -> None:
        codes = ", ".join(reason["Code"] for reason in reasons)
        super().__init__(
            f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]",
            CancellationReasons=reasons,
        )


def refused(detail: str) -> ItemRefused:
    """``One or more parameter values were invalid: <detail>``, of a key."""
    return ItemRefused(INVALID + detail)


def invalid(detail: str) -> ValidationException:
    """``One or more parameter values were invalid: <detail>``."""
    return ValidationException(INVALID + detail)


def constraint(value: str, member: str, rule: str) -> ValidationException:
    """One broken member constraint, worded as the service's model validation words it."""
    where = f"Value {value} at '{member}'"
    return ValidationException(
        f"1 validation error detected: {where} failed to satisfy constraint: Member must {rule}"
    )


def invalid_input(violations: Iterable[object], message: str) -> AwsError:
    """What the wire answers when members break the model's constraints; ``message`` names them all."""
    return ValidationException(message, why=f"{len(list(violations))} members break the service model")


def unparsable(message: str) -> AwsError:
    """What the wire answers when the body is not JSON of the right shape."""
    return SerializationException(message)
