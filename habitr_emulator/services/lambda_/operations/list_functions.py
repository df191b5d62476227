"""ListFunctions: every function, 50 at a time.

https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html
"""

from bisect import bisect_right

from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import changes, functions
from habitr_emulator.services.registry import Auth, Input, Output, operation

PAGE = 50


@operation(auth=Auth.SIGNED, action="lambda:ListFunctions")
async def list_functions(request: Input, ctx: Context) -> Output:
    """List functions by name; ``Marker`` is the last name of the page before."""
    names = functions.names(ctx.account)
    start = bisect_right(names, request["Marker"]) if request.get("Marker") else 0
    end = start + min(request.get("MaxItems") or PAGE, PAGE)
    page = [changes.described(ctx, functions.require(ctx.account, name)) for name in names[start:end]]
    return {"Functions": page, "NextMarker": names[end - 1]} if end < len(names) else {"Functions": page}
