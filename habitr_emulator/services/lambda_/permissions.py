"""Resource policies of functions: who else may invoke them.

https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
"""

import json
from collections.abc import Mapping
from typing import Any

from habitr_emulator.services.context import Account, Context
from habitr_emulator.services.lambda_ import functions


def policy(account: Account, name: str, qualifier: str) -> dict[str, Any] | None:
    """The policy document of a function (or of the version or alias ``qualifier``), None without statements."""
    sql = "SELECT statement FROM lambda_permission WHERE function_name = ? AND qualifier = ? ORDER BY statement_id"
    rows = account.store.all(sql, (name, qualifier))
    if not rows:
        return None
    return {
        "Version": "2012-10-17",
        "Id": "default",
        "Statement": [json.loads(row["statement"]) for row in rows],
    }


def policy_of(request: Mapping[str, Any], context: Context) -> dict[str, Any] | None:
    """The policy of the function that a request names."""
    return policy(context.account, functions.name_of(request["FunctionName"]), qualifier_of(request))


def qualifier_of(request: Mapping[str, Any]) -> str:
    """The version or alias that a request names, empty for the function itself."""
    return request.get("Qualifier") or functions.qualifier_of(request["FunctionName"]) or ""


def statement(request: Mapping[str, Any], function_arn: str) -> dict[str, Any]:
    """AddPermission's request as a policy statement."""
    principal = request["Principal"]
    made: dict[str, Any] = {
        "Sid": request["StatementId"],
        "Effect": "Allow",
        "Principal": _principal(principal),
        "Action": request["Action"],
        "Resource": function_arn,
    }
    conditions: dict[str, Any] = {}
    if "SourceArn" in request:
        conditions["ArnLike"] = {"AWS:SourceArn": request["SourceArn"]}
    if "SourceAccount" in request:
        conditions["StringEquals"] = {"AWS:SourceAccount": request["SourceAccount"]}
    return {**made, "Condition": conditions} if conditions else made


def _principal(principal: str) -> Any:
    if principal == "*":
        return "*"
    if principal.endswith(".amazonaws.com"):
        return {"Service": principal}
    return {"AWS": f"arn:aws:iam::{principal}:root" if principal.isdigit() else principal}
