"""How the hosted UI refuses: on a page of its own, back at the app, or in JSON.

https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1
"""

from collections.abc import Mapping


class ErrorPage(Exception):
    """The browser must stay here: there is no address that it may be sent to."""

    def __init__(self, error: str, client_id: str = "", *, why: str = "") -> None:
        super().__init__(error)
        self.error, self.client_id, self.why = error, client_id, why


class BackToApp(Exception):
    """The browser goes back to ``address`` (an app's registered one) with an error."""

    def __init__(self, address: str, error: str, why: str) -> None:
        super().__init__(error)
        self.address, self.error, self.why = address, error, why


class OAuthError(Exception):
    """A JSON refusal of an endpoint that apps call.

    https://www.rfc-editor.org/rfc/rfc6749#section-5.2
    """

    def __init__(self, error: str, description: str = "", *, status: int = 400, why: str = "") -> None:
        super().__init__(error)
        self.error, self.description, self.status = error, description, status
        self.why = why or description

    @property
    def body(self) -> Mapping[str, str]:
        """The answer's JSON."""
        described = {"error_description": self.description} if self.description else {}
        return {"error": self.error, **described}
