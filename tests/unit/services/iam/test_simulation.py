"""What the policy simulator does not do is said, never ignored."""

import json

import pytest

from habitr_emulator.kernel.errors import NotBuilt
from habitr_emulator.services.context import Context


@pytest.mark.parametrize("option", ["PolicyExclusionList", "ResourceHandlingOption"])
async def test_an_option_that_is_not_built_is_refused(ctx: Context, option: str) -> None:
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    request = {"PolicyInputList": [json.dumps(policy)], "ActionNames": ["s3:GetObject"], option: ["x"]}
    with pytest.raises(NotBuilt, match=option):
        await ctx.account.registry.call("iam", "simulate_custom_policy", request, ctx)
