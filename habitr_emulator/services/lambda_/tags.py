"""Tags of functions, named by the function's ARN.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-tags.html
"""

from collections.abc import Mapping, Sequence
from typing import Any

from habitr_emulator.services.context import Account, Context
from habitr_emulator.services.lambda_ import functions, settings
from habitr_emulator.services.lambda_.errors import InvalidParameterValueException

MOST_TAGS = 50


def arn_of(request: Mapping[str, Any], ctx: Context) -> str:
    """The ARN that a request names, for policies."""
    return str(request["Resource"])


def of(account: Account, name: str) -> dict[str, str]:
    """A function's tags."""
    return dict(settings.get(account, name, settings.TAGS) or {})


async def change(ctx: Context, arn: str, add: Mapping[str, str], remove: Sequence[str] = ()) -> None:
    """Add or replace tags, and remove others; raises ResourceNotFoundException, InvalidParameterValueException."""
    function = functions.require(ctx.account, arn)
    kept = {key: value for key, value in {**of(ctx.account, function.name), **add}.items() if key not in remove}
    if len(kept) > MOST_TAGS:
        raise InvalidParameterValueException(f"A function has at most {MOST_TAGS} tags.")  # guess: wording
    await settings.put(ctx, function.name, settings.TAGS, kept or None)
