"""The policy table: one case a line, in ``tests/data/policy_table.txt``, which explains itself."""

from pathlib import Path
from typing import Any

import pytest

from habitr_emulator.services.iam.policies import AccessRequest, evaluate

TABLE = Path(__file__).parents[3] / "data" / "policy_table.txt"
ARNS = {
    "B": "arn:aws:s3:::b",
    "T": "arn:aws:dynamodb:us-east-1:0:table/t",
    "A": "arn:aws:appsync:us-east-1:0:apis/x",
}
ROWS = [line for line in TABLE.read_text().splitlines() if line and not line.startswith("#")]


def arn(text: str) -> str:
    letter, rest = text[:1], text[1:]
    return ARNS[letter] + rest if letter in ARNS and (rest == "" or rest[0] in "/*") else text


def listed(name: str, text: str) -> dict[str, list[str]]:
    """``Action`` or ``NotAction`` and its list; commas inside ``${…}`` do not separate."""
    parts, depth = [""], 0
    for character in text.removeprefix("!"):
        depth += (character == "{") - (character == "}")
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return {f"Not{name}" if text.startswith("!") else name: [arn(part) for part in parts]}


def statement(text: str) -> dict[str, Any]:
    head, _, condition = text.partition(" if ")
    effect, actions, _, resources = head.split()
    block: dict[str, dict[str, list[str]]] = {}
    for each in condition.split(" and ") if condition else ():
        operator, _, rest = each.partition(" ")
        key, _, values = rest.partition("=")
        block.setdefault(operator, {})[key] = values.split(",")
    made = {"Effect": effect.capitalize(), **listed("Action", actions), **listed("Resource", resources)}
    return {**made, "Condition": block} if block else made


def request(text: str) -> AccessRequest:
    action, resource, *keys = text.split()
    pairs = (key.partition("=") for key in keys)
    return AccessRequest(action, arn(resource), {name: value.split(",") for name, _, value in pairs})


@pytest.mark.parametrize("row", ROWS)
def test_the_policies_of_the_table_decide_as_it_says(row: str) -> None:
    policies, asked, answer = row.split(" => ")
    documents = [
        {"Version": "2012-10-17", "Statement": [statement(text) for text in policy.split(" ; ")]}
        for policy in policies.split(" & ")
    ]
    decision = evaluate(request(asked), documents)
    given = "yes" if decision.allowed else "denied" if "explicit deny" in decision.because else "no"
    assert given == answer, decision.why


def test_the_table_is_long_and_has_no_case_twice() -> None:
    assert len(set(ROWS)) == len(ROWS) >= 200
