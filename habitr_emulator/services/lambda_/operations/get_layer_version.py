"""GetLayerVersion: what a version of a layer is.

https://docs.aws.amazon.com/lambda/latest/api/API_GetLayerVersion.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import layers
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="lambda:GetLayerVersion", resources=layers.version_arn_of)
async def get_layer_version(request: Input, ctx: Context) -> Output:
    """Describe it; ``Content`` has no Location: packages are not kept in a bucket here."""
    return layers.require(ctx.account, layers.name_of(request["LayerName"]), request["VersionNumber"]).content
