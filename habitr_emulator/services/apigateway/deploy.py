"""Makes the project's REST APIs known."""

from habitr_emulator.services.apigateway.routes import RestApis
from habitr_emulator.services.apigateway.spec import RestApi
from habitr_emulator.services.context import Context


async def deploy(context: Context, spec: RestApi) -> None:
    """Serve ``spec``, in the place of an API with the same id."""
    context.account.part(RestApis).put(spec)
