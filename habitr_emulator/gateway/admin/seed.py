"""POST /_habitr/seed: play a seed: the body (YAML or JSON), or ?random=HABITS&rng=NUMBER for a lively Habitr.

With ?progress each step is told in a line of its own, as it is done.
"""

import json
from collections.abc import AsyncIterator

from habitr_emulator.gateway.admin import BadRequest, Control, json_response, number, parameters, state_of, want
from habitr_emulator.kernel.errors import SeedError
from habitr_emulator.seed.file import Seed, parse
from habitr_emulator.wire.http import Request, Response

MOST = 10_000


async def handle(request: Request, rest: str, control: Control) -> Response:
    """``{"done": steps, "total": steps}``; told in lines, an error is the last of them: ``{"message": …}``."""
    want(request, "POST", "seed")
    try:
        seed = _seed(request, control)
        if "progress" in parameters(request):
            media_type = {"content-type": "application/x-ndjson"}
            return Response(200, media_type, _told(seed, control))
        async for _ in state_of(control).seed([seed]):
            pass
    except SeedError as error:
        raise BadRequest(str(error)) from None
    return json_response({"done": len(seed), "total": len(seed)})


def _seed(request: Request, control: Control) -> Seed:
    asked = parameters(request)
    if "random" not in asked:
        if not request.body:
            raise BadRequest("seed wants a seed as its body, or random=HABITS")
        return parse(request.body.decode("utf-8", "replace"), asked.get("name", "the body"))
    from habitr_emulator.seed.random_habitr import random_habitr

    habits = int(number(asked["random"], "random"))
    if not 1 <= habits <= MOST:
        raise BadRequest(f"random is between 1 and {MOST} habits")
    if not {"User", "Habit", "Comment"} <= set(control.config().get("tables", ())):
        raise BadRequest("a random seed fills Habitr; this project has other types: write a seed file for it")
    return random_habitr(habits, int(number(asked.get("rng", "1"), "rng")))


async def _told(seed: Seed, control: Control) -> AsyncIterator[bytes]:
    try:
        async for done, total, step in state_of(control).seed([seed]):
            yield json.dumps({"done": done, "total": total, "step": step}).encode() + b"\n"
    except SeedError as error:
        yield json.dumps({"message": str(error)}).encode() + b"\n"
