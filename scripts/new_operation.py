#!/usr/bin/env python3
"""Makes the file of an AWS operation: scripts/new_operation.py cognito-idp SignUp."""

import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from habitr_emulator.wire import model  # noqa: E402

TEMPLATE = '''"""{name}: say in one line what it does.

https://docs.aws.amazon.com/search/doc-search.html?searchQuery={name}
"""

from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="{signing_name}:{name}")
async def {snake}(request: Input, ctx: Context) -> Output:
    """Required: {required}. Answers: {answers}."""
'''


def main() -> None:
    """Write the file, unless it exists."""
    if len(sys.argv) != 3:
        sys.exit("usage: scripts/new_operation.py SERVICE OPERATION, for example cognito-idp SignUp")
    service = model.service(sys.argv[1])
    operation = service.operations[sys.argv[2]]
    path = ROOT / "habitr_emulator" / "services" / service.package / "operations" / f"{operation.snake}.py"
    if path.exists():
        sys.exit(f"exists already: {path.relative_to(ROOT)}")
    text = TEMPLATE.format(
        name=operation.name,
        snake=operation.snake,
        signing_name=service.signing_name,
        required=", ".join(operation.input.required if operation.input else ()) or "nothing",
        answers=", ".join(operation.output.members if operation.output else ()) or "nothing",
    )
    path.write_text(
        text.replace(
            "from habitr_emulator.services.registry",
            "from habitr_emulator.services.context import Context\nfrom habitr_emulator.services.registry",
        )
    )
    print(path.relative_to(ROOT))


main()
