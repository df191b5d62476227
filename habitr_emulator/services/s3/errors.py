"""S3's refusals, with the codes, statuses and messages that AWS gives them.

https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
"""

from habitr_emulator.kernel.errors import AwsError


class NoSuchBucket(AwsError):
    """There is no such bucket; field BucketName."""

    code, status = "NoSuchBucket", 404
    default_message = "The specified bucket does not exist"


class NoSuchKey(AwsError):
    """There is no such object; field Key."""

    code, status = "NoSuchKey", 404
    default_message = "The specified key does not exist."


class NoSuchVersion(AwsError):
    """There is no such version of the object."""

    code, status = "NoSuchVersion", 404
    default_message = "The specified version does not exist."


class NoSuchUpload(AwsError):
    """There is no such multipart upload; field UploadId."""

    code, status = "NoSuchUpload", 404
    default_message = (
        "The specified upload does not exist. The upload ID may be invalid, or the upload may have "
        "been aborted or completed."
    )


class BucketAlreadyOwnedByYou(AwsError):
    """The bucket exists, outside us-east-1."""

    code, status = "BucketAlreadyOwnedByYou", 409
    default_message = "Your previous request to create the named bucket succeeded and you already own it."


class BucketNotEmpty(AwsError):
    """A bucket with objects cannot be deleted."""

    code, status = "BucketNotEmpty", 409
    default_message = "The bucket you tried to delete is not empty"


class InvalidBucketName(AwsError):
    """A name that no bucket can have."""

    code, status = "InvalidBucketName", 400
    default_message = "The specified bucket is not valid."


class IllegalLocationConstraintException(AwsError):
    """A region other than the emulator's."""

    code, status = "IllegalLocationConstraintException", 400
    default_message = "The specified location-constraint is not valid"


class InvalidArgument(AwsError):
    """A parameter with a value that is not allowed; fields ArgumentName, ArgumentValue."""

    code, status = "InvalidArgument", 400
    default_message = "Invalid Argument"


class InvalidRequest(AwsError):
    """A request that contradicts itself."""

    code, status = "InvalidRequest", 400
    default_message = "Invalid Request"


class InvalidURI(AwsError):
    """A key that is no text."""

    code, status = "InvalidURI", 400
    default_message = "Couldn't parse the specified URI."


class InvalidRange(AwsError):
    """Fields RangeRequested, ActualObjectSize."""

    code, status = "InvalidRange", 416
    default_message = "The requested range is not satisfiable"


class InvalidPart(AwsError):
    """Complete names a part that is not there."""

    code, status = "InvalidPart", 400
    default_message = (
        "One or more of the specified parts could not be found.  The part may not have been "
        "uploaded, or the specified entity tag may not match the part's entity tag."
    )


class InvalidPartOrder(AwsError):
    """Complete names parts out of order."""

    code, status = "InvalidPartOrder", 400
    default_message = "The list of parts was not in ascending order. Parts must be ordered by part number."


class InvalidPartNumber(AwsError):
    """The object has no such part."""

    code, status = "InvalidPartNumber", 416
    default_message = "The requested partnumber is not satisfiable"


class EntityTooSmall(AwsError):
    """A part other than the last below 5 MiB."""

    code, status = "EntityTooSmall", 400
    default_message = "Your proposed upload is smaller than the minimum allowed size"


class EntityTooLarge(AwsError):
    """More than 5 GiB in one request."""

    code, status = "EntityTooLarge", 400
    default_message = "Your proposed upload exceeds the maximum allowed size"


class InvalidDigest(AwsError):
    """A Content-MD5 that is no MD5."""

    code, status = "InvalidDigest", 400
    default_message = "The Content-MD5 you specified was invalid."


class BadDigest(AwsError):
    """The body is not what its digest says."""

    code, status = "BadDigest", 400
    default_message = "The Content-MD5 you specified did not match what we received."


class MetadataTooLarge(AwsError):
    """More than 2 KB of user metadata."""

    code, status = "MetadataTooLarge", 400
    default_message = "Your metadata headers exceed the maximum allowed metadata size"


class KeyTooLongError(AwsError):
    """More than 1024 bytes of key."""

    code, status = "KeyTooLongError", 400
    default_message = "Your key is too long"


class PreconditionFailed(AwsError):
    """Field Condition."""

    code, status = "PreconditionFailed", 412
    default_message = "At least one of the pre-conditions you specified did not hold"


class MalformedXML(AwsError):
    """A body that is not what the operation takes."""

    code, status = "MalformedXML", 400
    default_message = "The XML you provided was not well-formed or did not validate against our published schema"


class MalformedPolicy(AwsError):
    """A bucket policy that cannot be read."""

    code, status = "MalformedPolicy", 400
    default_message = "Policies must be valid JSON and the first byte must be '{'"


class InvalidPolicyDocument(AwsError):
    """The policy of an upload form cannot be read."""

    code, status = "InvalidPolicyDocument", 400
    default_message = "The content of the form does not meet the conditions specified in the policy document."


class InvalidTag(AwsError):
    """A tag that is too long, or a key twice."""

    code, status = "InvalidTag", 400
    default_message = "The tag provided was not a valid tag."


class BadRequest(AwsError):
    """Too many tags."""

    code, status = "BadRequest", 400
    default_message = "Bad Request"


class AccessControlListNotSupported(AwsError):
    """Buckets belong to their owner with all objects, as AWS makes them today."""

    code, status = "AccessControlListNotSupported", 400
    default_message = "The bucket does not allow ACLs"


class AccessDenied(AwsError):
    """What neither policy nor ACL can allow: another owner's bucket, a lock, a public access block."""

    code, status = "AccessDenied", 403
    default_message = "Access Denied"


class MethodNotAllowed(AwsError):
    """A delete marker cannot be read; ACLs cannot name people by e-mail address."""

    code, status = "MethodNotAllowed", 405
    default_message = "The specified method is not allowed against this resource."


class InvalidStorageClass(AwsError):
    """A storage class that there is not."""

    code, status = "InvalidStorageClass", 400
    default_message = "The storage class you specified is not valid"


class InvalidEncryptionAlgorithmError(AwsError):
    """An encryption algorithm that there is not."""

    code, status = "InvalidEncryptionAlgorithmError", 400
    default_message = "The encryption request you specified is not valid. The valid value is AES256."


class MalformedACLError(AwsError):
    """An access control list that cannot be read."""

    code, status = "MalformedACLError", 400
    default_message = "The XML you provided was not well-formed or did not validate against our published schema"


class UnexpectedContent(AwsError):
    """A body beside headers that say the same."""

    code, status = "UnexpectedContent", 400
    default_message = "This request does not support content"


class NotImplementedByS3(AwsError):
    """What S3 itself answers for a header value that it does not act on."""

    code, status = "NotImplemented", 501
    default_message = "A header you provided implies functionality that is not implemented"


def invalid_input(violations: list[str], message: str) -> AwsError:
    """The error for an input that breaks the service model in these ways."""
    return InvalidRequest(message, why="; ".join(violations) or None)


def unparsable(message: str) -> AwsError:
    """The error for a body that cannot be read."""
    return MalformedXML(why=message)


class InvalidObjectState(AwsError):
    """An archived object is not restored; field StorageClass."""

    code, status = "InvalidObjectState", 403
    default_message = "The operation is not valid for the object's storage class"
