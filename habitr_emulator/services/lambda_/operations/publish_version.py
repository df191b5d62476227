"""PublishVersion: freeze code and settings of a function under a number.

https://docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import changes, functions, versions
from habitr_emulator.services.lambda_.errors import InvalidParameterValueException
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="lambda:PublishVersion", resources=functions.arn_of)
async def publish_version(request: Input, ctx: Context) -> Output:
    """Publish ``$LATEST``, if it differs from the last version; answers the version that then stands."""
    function = functions.require(ctx.account, request["FunctionName"])
    changes.check_revision(function, request.get("RevisionId"))
    asked = request.get("CodeSha256")
    if asked and asked != changes.described(ctx, function)["CodeSha256"]:
        raise InvalidParameterValueException(
            f"CodeSHA256 ({asked}) is different from current CodeSHA256 in $LATEST. Please try again with the"
            " CodeSHA256 in $LATEST."
        )
    version = await versions.publish(ctx, function, request.get("Description"))
    return changes.described(ctx, version)
