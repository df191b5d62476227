"""PutBucketCors: CORS rules for a bucket.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketCors.html
"""

from collections.abc import Mapping
from typing import Any

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets, cors
from habitr_emulator.services.s3.errors import InvalidRequest, MalformedXML

MOST_RULES = 100


@operation(
    auth=Auth.POLICY,
    action="s3:PutBucketCORS",
    resources=authorization.bucket_arn,
    resource_policy=authorization.bucket_policy,
)
async def put_bucket_cors(request: Input, ctx: Context) -> Output:
    """PutBucketCors."""
    buckets.require(ctx, request)
    rules = request["CORSConfiguration"]["CORSRules"]
    if not 1 <= len(rules) <= MOST_RULES:
        raise MalformedXML
    for rule in rules:
        _check(rule)
    await buckets.set_setting(ctx, request["Bucket"], "cors", {"CORSRules": rules})
    return {}


def _check(rule: Mapping[str, Any]) -> None:
    for method in rule.get("AllowedMethods", ()):
        if method not in cors.METHODS:
            raise InvalidRequest(f"Found unsupported HTTP method in CORS config. Unsupported method is {method}")
    for origin in rule.get("AllowedOrigins", ()):
        if origin.count("*") > 1:
            raise InvalidRequest(f'AllowedOrigin "{origin}" can not have more than one wildcard.')
    for header in rule.get("AllowedHeaders", ()):
        if header.count("*") > 1:
            raise InvalidRequest(f'AllowedHeader "{header}" can not have more than one wildcard.')
    for header in rule.get("ExposeHeaders", ()):
        if "*" in header:
            raise InvalidRequest(
                f'ExposeHeader "{header}" contains wildcard. '
                "We currently do not support wildcard for ExposeHeader."
            )
