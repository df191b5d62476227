#!/usr/bin/env python3
"""Writes docs/coverage.md: what is built, and, as loudly, what is missing. Derived from files and models alone."""

import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from habitr_emulator.services.registry import operation_files  # noqa: E402
from habitr_emulator.wire import model  # noqa: E402

TARGET = ROOT / "docs" / "coverage.md"
TITLES = {
    "cognito-idp": "Amazon Cognito user pools",
    "cognito-identity": "Amazon Cognito identity pools",
    "dynamodb": "Amazon DynamoDB",
    "dynamodbstreams": "Amazon DynamoDB Streams",
    "s3": "Amazon S3",
    "sts": "AWS STS",
    "iam": "AWS IAM",
    "lambda": "AWS Lambda",
    "appsync": "AWS AppSync (control plane)",
    "pinpoint": "Amazon Pinpoint",
    "logs": "Amazon CloudWatch Logs",
}
HEAD = """# Coverage

Made by `scripts/coverage_table.py` from the code and AWS's service models; a test keeps it true. An operation that
is missing answers **501** and names the file to add. Operations of AWS that are not listed at all are not in the
trimmed models and answer the service's own error for an unknown operation.

"""


def rows() -> list[tuple[str, list[str], list[str]]]:
    """For each service: title, the operations that are built, the operations that are missing."""
    found = []
    for known in model.KNOWN:
        files = operation_files(known.package)
        operations = model.service(known.name).operations
        built = [name for name, operation in operations.items() if operation.snake in files]
        missing = [name for name, operation in operations.items() if operation.snake not in files]
        found.append((TITLES[known.name], sorted(built), sorted(missing)))
    return found


def other_surfaces() -> str:
    """What is not an operation of a model, read from the code's own folders."""
    return (ROOT / "docs" / "surfaces.md").read_text()


def summary() -> str:
    """The table of the README: counts, and the first missing names."""
    lines = ["| service | built | missing |", "|---|---|---|"]
    for title, built, missing in rows():
        lines.append(f"| {title} | {len(built)} | {'**' + str(len(missing)) + '**' if missing else 0} |")
    return "\n".join(lines) + "\n"


def page() -> str:
    """The whole page."""
    parts = [HEAD, summary(), "\n"]
    for title, built, missing in rows():
        parts.append(f"## {title}\n\n")
        parts.append(f"**Built ({len(built)}):** {', '.join(built) or 'nothing yet'}\n\n")
        parts.append(f"**Missing ({len(missing)}):** {', '.join(missing) or 'nothing'}\n\n")
    parts.append(other_surfaces())
    return "".join(parts)


if __name__ == "__main__":
    TARGET.write_text(page())
    readme = ROOT / "README.md"
    text = readme.read_text()
    start, end = "<!-- coverage -->\n", "<!-- /coverage -->"
    before, rest = text.split(start)
    readme.write_text(before + start + summary() + end + rest.split(end)[1])
