"""S3's refusals about the settings of buckets, with the codes, statuses and messages that AWS gives them.

https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
"""

from habitr_emulator.kernel.errors import AwsError


class NoSuchTagSet(AwsError):
    """The bucket has no tags."""

    code, status = "NoSuchTagSet", 404
    default_message = "The TagSet does not exist"


class NoSuchCORSConfiguration(AwsError):
    """The bucket has no CORS rules."""

    code, status = "NoSuchCORSConfiguration", 404
    default_message = "The CORS configuration does not exist"


class NoSuchBucketPolicy(AwsError):
    """The bucket has no policy."""

    code, status = "NoSuchBucketPolicy", 404
    default_message = "The bucket policy does not exist"


class InvalidBucketAclWithObjectOwnership(AwsError):
    """An ACL for a bucket that has ACLs off."""

    code, status = "InvalidBucketAclWithObjectOwnership", 400
    default_message = "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting"


class InvalidBucketState(AwsError):
    """A setting that the bucket's other settings do not allow."""

    code, status = "InvalidBucketState", 409
    default_message = "The request is not valid with the current state of the bucket."


class IllegalVersioningConfigurationException(AwsError):
    """A versioning configuration that says nothing."""

    code, status = "IllegalVersioningConfigurationException", 400
    default_message = "The Versioning element must be specified"


class ObjectLockConfigurationNotFoundError(AwsError):
    """The bucket's objects cannot be locked."""

    code, status = "ObjectLockConfigurationNotFoundError", 404
    default_message = "Object Lock configuration does not exist for this bucket"


class NoSuchObjectLockConfiguration(AwsError):
    """The object has no retention, or no legal hold."""

    code, status = "NoSuchObjectLockConfiguration", 404
    default_message = "The specified object does not have a ObjectLock configuration"


class OwnershipControlsNotFoundError(AwsError):
    """The bucket has no ownership controls."""

    code, status = "OwnershipControlsNotFoundError", 404
    default_message = "The bucket ownership controls were not found"


class NoSuchPublicAccessBlockConfiguration(AwsError):
    """The bucket has no public access block."""

    code, status = "NoSuchPublicAccessBlockConfiguration", 404
    default_message = "The public access block configuration was not found"


class NoSuchLifecycleConfiguration(AwsError):
    """The bucket has no lifecycle rules."""

    code, status = "NoSuchLifecycleConfiguration", 404
    default_message = "The lifecycle configuration does not exist"


class NoSuchWebsiteConfiguration(AwsError):
    """The bucket is no website."""

    code, status = "NoSuchWebsiteConfiguration", 404
    default_message = "The specified bucket does not have a website configuration"


class ReplicationConfigurationNotFoundError(AwsError):
    """The bucket is not replicated."""

    code, status = "ReplicationConfigurationNotFoundError", 404
    default_message = "The replication configuration was not found"


class AccessForbidden(AwsError):
    """No CORS rule allows what a page asks; field Method."""

    code, status = "AccessForbidden", 403
    default_message = (
        "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request "
        "method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the "
        "resource's CORS spec."
    )


class InvalidRetentionPeriod(AwsError):
    """A default retention that is none, or longer than a century."""

    code, status = "InvalidRetentionPeriod", 400
    default_message = "The retention period is too large"
