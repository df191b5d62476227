"""The keys that a function works with: its execution role's, as temporary credentials.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
"""

import logging
from math import inf

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_.environment import Credentials
from habitr_emulator.services.lambda_.functions import Function

_log = logging.getLogger(__name__)
#: A worker is replaced so many seconds before its keys end.
MARGIN = 60.0


async def of_function(context: Context, function: Function) -> Credentials:
    """Temporary credentials of the function's role, or an administrator's if no such role can be taken."""
    role = str(function.configuration["Role"])
    try:
        service = context.as_service("lambda.amazonaws.com").services
        answer = await service.sts.assume_role({"RoleArn": role, "RoleSessionName": function.name[:64]})
    except AwsError as error:
        _log.debug("function %s: role %r cannot be taken: %s", function.name, role, error.why or error.message)
        return administrator(context)
    keys = answer["Credentials"]
    return Credentials(
        keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"], float(keys["Expiration"]) - MARGIN
    )


def administrator(context: Context) -> Credentials:
    """The first administrator key of the account."""
    access_key_id, secret = next(iter(context.account.administrator_keys.items()))
    return Credentials(access_key_id, secret, expires=inf)
