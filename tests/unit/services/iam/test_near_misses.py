"""A refusal tells which statement came nearest, and what it lacks."""

from typing import Any

import pytest

from habitr_emulator.services.iam.near_misses import nearest
from habitr_emulator.services.iam.policies import AccessRequest

OBJECT = "arn:aws:s3:::b/me/k"
REQUEST = AccessRequest("s3:GetObject", OBJECT, {"aws:username": "me", "n": "5"})


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    listed = [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", **each} for each in statements]
    return {"Version": "2012-10-17", "Statement": listed}


@pytest.mark.parametrize(
    ("statements", "told"),
    [
        ([{"Action": "s3:PutObject"}], ""),
        ([{"Effect": "Deny"}], ""),
        ([{"Sid": "Mine", "Resource": "arn:aws:s3:::b/you/*"}],
         'statement "Mine" of policy 1 allows the action on other resources: arn:aws:s3:::b/you/*'),
        ([{"Resource": [f"arn:aws:s3:::{name}" for name in "abcd"]}], "number 1 of policy 1 allows the action on "
         "other resources: arn:aws:s3:::a, arn:aws:s3:::b, arn:aws:s3:::c and others"),
        ([{"Condition": {"NumericLessThan": {"n": "5"}}}],
         "would allow it, but its condition does not hold: numericlessthan on n, which is 5"),
        ([{"Condition": {"Bool": {"aws:SecureTransport": "true"}}}],
         "bool on aws:securetransport, which the request does not have"),
        ([{"Resource": "arn:aws:s3:::x"}, {"Condition": {"StringEquals": {"n": "6"}}}], "statement number 2"),
        ([{"Condition": {"StringNotEquals": {"n": "${nobody}"}}}], "stringnotequals on n, which is 5"),
    ],
)  # fmt: skip
def test_the_nearest_statement_is_named(statements: list[dict[str, Any]], told: str) -> None:
    found = nearest(REQUEST, [policy(*statements)])
    assert told in found
    assert bool(told) is bool(found)


def test_what_a_statement_excludes_is_named() -> None:
    excluding = {"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::b/*"}
    found = nearest(REQUEST, [policy({"Action": "s3:PutObject"}), {**policy(), "Statement": [excluding]}])
    assert found == "statement number 1 of policy 2 allows the action on anything but arn:aws:s3:::b/*"
