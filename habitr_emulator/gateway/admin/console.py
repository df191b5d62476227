"""GET /_habitr/console: a page that shows requests, mail, users, tables and the clock; static files."""

from pathlib import Path

from habitr_emulator.gateway.admin import Control, json_response
from habitr_emulator.wire.http import Request, Response

FOLDER = Path(__file__).parent.parent.parent / "console"
FILES = {
    "": ("index.html", "text/html; charset=utf-8"),
    "console.js": ("console.js", "text/javascript; charset=utf-8"),
    "console.css": ("console.css", "text/css; charset=utf-8"),
}
#: Nothing from elsewhere, nothing inline, in nobody's frame.
_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-ancestors 'none'"


async def handle(request: Request, rest: str, control: Control) -> Response:
    """The page, or one of its two files."""
    if rest not in FILES:
        return json_response({"message": f"the console has no file of this name: {rest}"}, 404)
    name, media_type = FILES[rest]
    headers = {"content-type": media_type, "content-security-policy": _POLICY, "cache-control": "no-cache"}
    return Response(200, headers, (FOLDER / name).read_bytes())
