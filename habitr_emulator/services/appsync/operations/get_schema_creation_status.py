"""GetSchemaCreationStatus: how StartSchemaCreation ended.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_GetSchemaCreationStatus.html
"""

from habitr_emulator.services.appsync.apis import Apis
from habitr_emulator.services.appsync.resources import CREATION
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="appsync:GetSchemaCreationStatus")
async def get_schema_creation_status(request: Input, ctx: Context) -> Output:
    """Status and details; a project's schema is ACTIVE. Raises NotFoundException."""
    api = ctx.account.part(Apis).require(request["apiId"])
    told = api.kept.get(CREATION, {}).get("")
    return dict(told or {"status": "ACTIVE" if api.spec.sdl.strip() else "NOT_APPLICABLE"})
