"""DeleteLayerVersion: forget a version of a layer; functions that have it keep it.

https://docs.aws.amazon.com/lambda/latest/api/API_DeleteLayerVersion.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import layers
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="lambda:DeleteLayerVersion", resources=layers.version_arn_of)
async def delete_layer_version(request: Input, ctx: Context) -> Output:
    """Delete it; there may be none."""
    await layers.delete(ctx, layers.name_of(request["LayerName"]), request["VersionNumber"])
    return {}
