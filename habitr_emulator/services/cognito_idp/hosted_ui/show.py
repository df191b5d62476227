"""Sending a page: with its proof in every form, and a policy that allows it nothing but to be filled in."""

import re

from habitr_emulator.services.cognito_idp.hosted_ui import browser, pages
from habitr_emulator.services.cognito_idp.hosted_ui.pages import Page
from habitr_emulator.services.cognito_idp.hosted_ui.visit import Visit
from habitr_emulator.wire.http import Response

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]{0,31}):", re.IGNORECASE)


async def show(visit: Visit, page: Page, redirect_uri: str = "", status: int = 200) -> Response:
    """The answer with a page; ``redirect_uri`` is where its forms may lead in the end."""
    value, cookie = await browser.proof(visit)
    headers = {
        "content-type": "text/html;charset=UTF-8",
        "cache-control": "no-store",
        "content-security-policy": _policy(redirect_uri),
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "same-origin",
        **cookie,
    }
    return Response(status, headers, pages.render(page, {browser.FIELD: value}))


def _policy(redirect_uri: str) -> str:
    """Browsers hold ``form-action`` against redirects, too, so that the app's scheme must be in it."""
    found = _SCHEME.match(redirect_uri)
    leads_to = f"'self' {found[1]}:" if found else "'self'"
    return (
        f"default-src 'none'; style-src '{pages.STYLE_HASH}'; form-action {leads_to}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
