"""GetApps: every application.

https://docs.aws.amazon.com/pinpoint/latest/apireference/apps.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.pinpoint import apps
from habitr_emulator.services.pinpoint.errors import BadRequestException
from habitr_emulator.services.registry import Auth, Input, Output, operation

PAGE = 100


@operation(auth=Auth.SIGNED, action="mobiletargeting:GetApps")
async def get_apps(request: Input, ctx: Context) -> Output:
    """List applications by id; ``PageSize`` is a number as text, ``Token`` the last id of the page before."""
    wanted = request.get("PageSize") or str(PAGE)
    if not wanted.isdecimal() or not 0 < int(wanted) <= PAGE:
        raise BadRequestException(f"PageSize must be a number from 1 to {PAGE}.", RequestID=ctx.request_id)
    sql = "SELECT * FROM pinpoint_app WHERE application_id > ? ORDER BY application_id LIMIT ?"
    rows = ctx.store.all(sql, (request.get("Token") or "", int(wanted) + 1))
    page = rows[: int(wanted)]
    answer: Output = {"Item": [apps.described(ctx.account, row) for row in page]}
    if len(rows) > len(page):
        answer["NextToken"] = page[-1]["application_id"]
    return {"ApplicationsResponse": answer}
