"""PublishLayerVersion: make a layer, or its next version.

https://docs.aws.amazon.com/lambda/latest/api/API_PublishLayerVersion.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import changes, layers
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="lambda:PublishLayerVersion", resources=layers.arn_of)
async def publish_layer_version(request: Input, ctx: Context) -> Output:
    """Publish ``Content`` (``ZipFile``, or an object of S3) under the next number."""
    package = await changes.package_of(ctx, request["Content"])
    layer = await layers.publish(ctx, layers.name_of(request["LayerName"]), package, request)
    return layer.content
