"""``@function``: a field that Lambda functions answer, one after the other.

https://docs.amplify.aws/gen1/javascript/build-a-backend/graphqlapi/custom-business-logic/#lambda-function-resolver
"""

from dataclasses import dataclass

from habitr_emulator.amplify.transform.document import Directive


@dataclass(frozen=True, slots=True)
class FunctionCall:
    """A Lambda function to invoke; ``name`` may contain ``${env}``. ``event`` does not wait for the answer."""

    name: str
    region: str = ""
    account_id: str = ""
    event: bool = False

    def resolved(self, environment: str) -> str:
        """The function's name in an Amplify environment."""
        return self.name.replace("${env}", environment)


def read(directive: Directive) -> FunctionCall:
    """What a directive invokes."""
    given = directive.arguments
    return FunctionCall(
        given["name"],
        given.get("region") or "",
        given.get("accountId") or "",
        given.get("invocationType") == "Event",
    )
