"""What makes a bucket policy public, by AWS's rule: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html"""

from typing import Any

import pytest

from habitr_emulator.services.s3.public_access import is_public


def policy(**statement: Any) -> dict[str, Any]:
    whole = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}
    return {"Version": "2012-10-17", "Statement": [{**whole, **statement}]}


@pytest.mark.parametrize(
    "statement",
    [
        {},
        {"Principal": {"AWS": "*"}},
        {"Principal": {"AWS": ["arn:aws:iam::000000000000:root", "*"]}},
        {"Condition": {"IpAddress": {"aws:SourceIp": "0.0.0.0/1"}}},
        {"Condition": {"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "0.0.0.0/0"]}}},
        {"Condition": {"StringLike": {"aws:SourceVpc": "vpc-*"}}},
        {"Condition": {"StringNotEquals": {"aws:SourceVpc": "vpc-91237329"}}},
        {"Condition": {"StringEquals": {"s3:ExistingObjectTag/public": "yes"}}},
        {"Condition": {"Bool": {"aws:SecureTransport": "true"}}},
    ],
)
def test_what_lets_everybody_in_is_public(statement: dict[str, Any]) -> None:
    assert is_public(policy(**statement))


@pytest.mark.parametrize(
    "statement",
    [
        {"Effect": "Deny"},
        {"Principal": {"AWS": "arn:aws:iam::000000000000:user/ann"}},
        {"Principal": {"Service": "cloudfront.amazonaws.com"}},
        {"Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/32"}}},
        {"Condition": {"StringEquals": {"aws:SourceVpc": "vpc-91237329"}}},
        {"Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:cloudfront::000000000000:distribution/E1"}}},
        {"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}},
    ],
)
def test_what_says_who_or_where_is_not(statement: dict[str, Any]) -> None:
    assert not is_public(policy(**statement))
