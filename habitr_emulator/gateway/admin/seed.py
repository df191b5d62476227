"""POST /_habitr/seed: play a seed: the body (YAML or JSON), ?random=HABITS&rng=NUMBER for a lively Habitr, or
without both the project's own.

With ?progress each step is told in a line of its own, as it is done.
"""

import json
from collections.abc import AsyncIterator

from habitr_emulator.gateway.admin import BadRequest, Control, json_response, number, parameters, state_of, want
from habitr_emulator.kernel.errors import SeedError
from habitr_emulator.seed.file import Seed, parse, read
from habitr_emulator.wire.http import Request, Response

MOST = 10_000


async def handle(request: Request, rest: str, control: Control) -> Response:
    """``{"done": steps, "total": steps, "new": steps that were not there}``; told in lines, that is the last of
    them, or an error: ``{"message": …}``.
    """
    want(request, "POST", "seed")
    try:
        seeds = _seeds(request, control)
        if "progress" in parameters(request):
            media_type = {"content-type": "application/x-ndjson"}
            return Response(200, media_type, _told(seeds, control))
        new = [step.new async for step in state_of(control).seed(seeds)]
    except SeedError as error:
        raise BadRequest(str(error)) from None
    return json_response({"done": len(new), "total": len(new), "new": sum(new)})


def _seeds(request: Request, control: Control) -> list[Seed]:
    asked = parameters(request)
    if "random" in asked:
        return [_random(asked, control)]
    if request.body:
        return [parse(request.body.decode("utf-8", "replace"), asked.get("name", "the body"))]
    own = [read(path) for path in control.seeds()]
    if not own:
        raise BadRequest("the project has no seed (seed/*.yaml beside amplify/): give one, or random=HABITS")
    return own


def _random(asked: dict[str, str], control: Control) -> Seed:
    from habitr_emulator.seed.random_habitr import random_habitr

    habits = int(number(asked["random"], "random"))
    if not 1 <= habits <= MOST:
        raise BadRequest(f"random is between 1 and {MOST} habits")
    if not {"User", "Habit", "Comment"} <= set(control.config().get("tables", ())):
        raise BadRequest("a random seed fills Habitr; this project has other types: write a seed file for it")
    return random_habitr(habits, int(number(asked.get("rng", "1"), "rng")))


async def _told(seeds: list[Seed], control: Control) -> AsyncIterator[bytes]:
    count = new = 0
    try:
        async for step in state_of(control).seed(seeds):
            count, new = count + 1, new + step.new
            yield _line(done=step.done, total=step.total, step=step.what)
    except SeedError as error:
        yield _line(message=str(error))
    else:
        yield _line(done=count, total=count, new=new)


def _line(**told: object) -> bytes:
    return json.dumps(told).encode() + b"\n"
