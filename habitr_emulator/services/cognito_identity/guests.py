"""What guests may do at most, whatever their role says.

https://docs.aws.amazon.com/cognito/latest/developerguide/iam-roles.html#access-policies-scope-down-services
"""

import json
from functools import cache

_SERVICES = (
    "apigateway", "appsync", "cloudwatch", "codewhisperer", "cognito-identity", "cognito-idp", "cognito-sync",
    "comprehend", "dynamodb", "execute-api", "firehose", "gamelift", "geo", "iot", "kinesis", "kinesisanalytics",
    "lambda", "lex", "logs", "machinelearning", "mobileanalytics", "mobiletargeting", "personalize", "polly",
    "rekognition", "s3", "sdb", "ses", "sns", "sqs", "transcribe", "translate",
)  # fmt: skip
_ACTIONS = (
    "kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "rum:PutRumEvents",
    "sagemaker:InvokeEndpoint", "sumerian:View*", "textract:DetectDocumentText", "textract:AnalyzeDocument",
)  # fmt: skip


@cache
def session_policy() -> str:
    """The session policy of guests' credentials, as JSON."""
    actions = [*(f"{service}:*" for service in _SERVICES), *_ACTIONS]
    statement = {"Effect": "Allow", "Action": actions, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, separators=(",", ":"))
