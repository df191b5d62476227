"""ListLayerVersions: the versions of a layer, 50 at a time.

https://docs.aws.amazon.com/lambda/latest/api/API_ListLayerVersions.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import layers
from habitr_emulator.services.lambda_.paging import page
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="lambda:ListLayerVersions", resources=layers.arn_of)
async def list_layer_versions(request: Input, ctx: Context) -> Output:
    """List versions, the newest first."""
    found = layers.versions(ctx.account, layers.name_of(request["LayerName"]))
    return page("LayerVersions", layers.compatible(found, request), request)
