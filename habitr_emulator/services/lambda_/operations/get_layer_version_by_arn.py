"""GetLayerVersionByArn: what the version of a layer is that an ARN names.

https://docs.aws.amazon.com/lambda/latest/api/API_GetLayerVersionByArn.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import layers
from habitr_emulator.services.lambda_.errors import InvalidParameterValueException
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="lambda:GetLayerVersion", resources=lambda request, _: str(request["Arn"]))
async def get_layer_version_by_arn(request: Input, ctx: Context) -> Output:
    """Describe it; raises InvalidParameterValueException, ResourceNotFoundException."""
    arn, _, version = request["Arn"].rpartition(":")
    if not version.isdecimal():
        raise InvalidParameterValueException(
            f"This is no ARN of a layer version: {request['Arn']}"
        )  # guess: wording
    return layers.require(ctx.account, layers.name_of(arn), int(version)).content
