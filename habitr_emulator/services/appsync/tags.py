"""Tags of APIs."""

from collections.abc import Mapping

from habitr_emulator.services.appsync.apis import Apis, DeployedApi
from habitr_emulator.services.appsync.descriptions import api_arn
from habitr_emulator.services.appsync.errors import BadRequestException
from habitr_emulator.services.appsync.resources import API
from habitr_emulator.services.context import Context


def tagged(arn: str, ctx: Context) -> tuple[DeployedApi, dict[str, str]]:
    """The API of an ARN and its tags; raises BadRequestException for another ARN, NotFoundException."""
    prefix = api_arn(ctx.account, "")
    if not arn.startswith(prefix):
        raise BadRequestException(f"Invalid resource arn {arn}.")  # guess: the service's wording
    api = ctx.account.part(Apis).require(arn.removeprefix(prefix))
    return api, dict(api.shown().get("tags") or {})


async def keep(api: DeployedApi, tags: Mapping[str, str]) -> None:
    """Give an API these tags, and no others; the settings that a project brings stay the project's."""
    known = api.kept.get(API, {}).get("") or {}
    await api.put(API, "", {**known, "tags": dict(tags)})
