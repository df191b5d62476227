"""What a notification configuration must be to be kept.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html
"""

import json
from collections.abc import Mapping
from typing import Any

from habitr_emulator.kernel.errors import AwsError, NotBuilt
from habitr_emulator.services.context import Context
from habitr_emulator.services.s3.errors import InvalidArgument
from habitr_emulator.services.s3.notifications import LAMBDA, overlapping

_NOT_BUILT = ("TopicConfigurations", "QueueConfigurations", "EventBridgeConfiguration")
_SERVICE = "s3.amazonaws.com"


async def checked(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration of a request, with an id for each of its targets; raises InvalidArgument, NotBuilt."""
    given: Mapping[str, Any] = request["NotificationConfiguration"]
    for name in _NOT_BUILT:
        if name in given:
            raise NotBuilt(
                f"{name} are not built in habitr-emulator.",
                why="the emulator has no SNS, SQS or EventBridge; S3 tells Lambda functions",
            )
    targets = [{**target, "Id": target.get("Id") or ctx.ids.uuid()} for target in given.get(LAMBDA, ())]
    for target in targets:
        _check_filter(target)
        if not request.get("SkipDestinationValidation"):
            await _check_function(ctx, target["LambdaFunctionArn"], request["Bucket"])
    for first, second in overlapping(targets):
        raise InvalidArgument(
            "Configurations overlap. Configurations on the same bucket cannot share a common event type.",
            why=f"{first} and {second} would be told of the same event",
        )
    return {LAMBDA: targets} if targets else {}


def _check_filter(target: Mapping[str, Any]) -> None:
    rules = ((target.get("Filter") or {}).get("Key") or {}).get("FilterRules") or ()
    names = [str(rule.get("Name", "")).lower() for rule in rules]
    if any(name not in ("prefix", "suffix") for name in names):
        raise InvalidArgument("filter rule name must be either prefix or suffix")
    if len(set(names)) < len(names):
        raise InvalidArgument("Cannot specify more than one prefix rule in a filter.")
    if not target.get("Events"):
        raise InvalidArgument("A specified event is not supported for notifications.")


async def _check_function(ctx: Context, arn: str, bucket: str) -> None:
    """Raise InvalidArgument unless the function is there and lets S3 invoke it for the bucket."""
    services = ctx.as_service(_SERVICE).services
    try:
        await services.lambda_.get_function({"FunctionName": arn})
        document = json.loads((await services.lambda_.get_policy({"FunctionName": arn}))["Policy"])
    except AwsError as error:
        raise _unreachable(arn, error.message or error.code) from None
    if not any(_lets_s3(statement, bucket) for statement in document["Statement"]):
        raise _unreachable(arn, f"no statement of its policy lets {_SERVICE} invoke it; use AddPermission")


def _lets_s3(statement: Mapping[str, Any], bucket: str) -> bool:
    principal = statement.get("Principal")
    service = principal.get("Service") if isinstance(principal, Mapping) else principal
    source = json.dumps(statement.get("Condition", {}))
    about = "aws:SourceArn" not in source.replace("AWS:SourceArn", "aws:SourceArn") or f":::{bucket}" in source
    return statement.get("Effect") == "Allow" and service in (_SERVICE, "*") and about


def _unreachable(arn: str, why: str) -> InvalidArgument:
    return InvalidArgument(
        "Unable to validate the following destination configurations",
        ArgumentName=arn,
        ArgumentValue="Not authorized to invoke function",
        why=f"{arn}: {why}",
    )
