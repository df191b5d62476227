"""Functions, checked as CreateFunction and UpdateFunction take them.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_CreateFunction.html
"""

from collections.abc import Mapping
from typing import Any

from habitr_emulator.services.appsync.apis import DeployedApi
from habitr_emulator.services.appsync.descriptions import api_arn
from habitr_emulator.services.appsync.errors import BadRequestException
from habitr_emulator.services.appsync.handlers import handlers, needs_request
from habitr_emulator.services.context import Context

VERSION = "2018-05-29"


def settings(request: Mapping[str, Any], api: DeployedApi, ctx: Context, id_: str) -> dict[str, Any]:
    """A FunctionConfiguration with the id; raises BadRequestException, NotFoundException or NotBuilt."""
    made = handlers(request, api)
    needs_request(made, api)
    version = request.get("functionVersion") or VERSION
    if version != VERSION:
        # guess: the service's wording
        raise BadRequestException(f"Unsupported function version {version}, use {VERSION}.")
    return {
        "functionId": id_,
        "functionArn": f"{api_arn(ctx.account, api.api_id)}/functions/{id_}",
        "name": request["name"],
        **({"description": request["description"]} if request.get("description") else {}),
        **({} if "code" in made else {"functionVersion": version}),
        **made,
    }


def absent(id_: str) -> str:
    """What is told of an id that no function has."""
    return f"No function found with id {id_}"  # guess: the service's wording
