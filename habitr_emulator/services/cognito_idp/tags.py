"""The tags of user pools.

https://docs.aws.amazon.com/cognito/latest/developerguide/tagging.html
"""

from collections.abc import Callable

from habitr_emulator.services.cognito_idp import pool_settings, pools
from habitr_emulator.services.cognito_idp.errors import InvalidParameterException, ResourceNotFoundException
from habitr_emulator.services.cognito_idp.pools import Pool
from habitr_emulator.services.context import Context

MOST = 50
Tags = dict[str, str]


def pool(ctx: Context, arn: str) -> Pool:
    """The pool of an ARN; raises ResourceNotFoundException."""
    found = pools.find(ctx.store, arn.rpartition("/")[2])
    if found is None or pools.arn(ctx, found.id) != arn:
        raise ResourceNotFoundException(f"Resource {arn} does not exist.")
    return found


def of(tagged: Pool) -> Tags:
    """A pool's tags."""
    return dict(tagged.settings.get("UserPoolTags") or {})


async def change(ctx: Context, tagged: Pool, apply: Callable[[Tags], Tags]) -> None:
    """Replace the tags by what ``apply`` makes of them; raises InvalidParameterException for too many."""

    def applied(fresh: Pool) -> Tags:
        changed = apply(of(fresh))
        if len(changed) > MOST:
            raise InvalidParameterException(f"A user pool can have at most {MOST} tags.")
        return changed

    await pool_settings.change_part(ctx, tagged, "UserPoolTags", applied)
