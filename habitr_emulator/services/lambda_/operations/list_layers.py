"""ListLayers: every layer with its newest version, 50 at a time.

https://docs.aws.amazon.com/lambda/latest/api/API_ListLayers.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import layers
from habitr_emulator.services.lambda_.paging import page
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="lambda:ListLayers")
async def list_layers(request: Input, ctx: Context) -> Output:
    """List layers by name."""
    newest = {each.name: each for each in reversed(layers.versions(ctx.account))}
    listed = [
        {
            "LayerName": each["LayerArn"].rpartition(":")[2],
            "LayerArn": each["LayerArn"],
            "LatestMatchingVersion": each,
        }
        for each in layers.compatible(sorted(newest.values(), key=lambda layer: layer.name), request)
    ]
    return page("Layers", listed, request)
