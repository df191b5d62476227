"""StartSchemaCreation: give an API its schema.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_StartSchemaCreation.html
"""

from habitr_emulator.services.appsync.apis import Apis
from habitr_emulator.services.appsync.resources import CREATION, SCHEMA
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="appsync:StartSchemaCreation")
async def start_schema_creation(request: Input, ctx: Context) -> Output:
    """The status PROCESSING; how it ended is told by GetSchemaCreationStatus. Raises NotFoundException,
    ConcurrentModificationException.

    The work is done when the answer goes out: nobody has to wait, and who asks again anyway is told the outcome.
    """
    from habitr_emulator.services.appsync import schema_types
    from habitr_emulator.services.appsync.schema import problem_of

    api = ctx.account.part(Apis).require(request["apiId"])
    definition = bytes(request["definition"]).decode("utf-8", "replace")
    with schema_types.altering(api):
        problem = problem_of(definition)
        if problem is None:
            await api.put(SCHEMA, "", {"definition": definition})
            count = len(schema_types.described(api, "SDL", ""))
            outcome = {"status": "SUCCESS", "details": f"Successfully created schema with {count} types."}
        else:
            outcome = {"status": "FAILED", "details": problem}
        await api.put(CREATION, "", outcome)
    return {"status": "PROCESSING"}
