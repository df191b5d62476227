"""Which REST APIs exist."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Route:
    """A resource with a Lambda proxy integration: ``path`` as API Gateway writes it (``/user/exists``,
    ``/items/{proxy+}``), ``method`` an HTTP method or ``ANY``, ``authorization`` ``NONE``, ``AWS_IAM`` or
    ``COGNITO_USER_POOLS``. With ``scopes``, a Cognito authorizer wants an access token that has one of them, else
    an ID token. ``api_key_required`` wants a key of the API's usage plan.
    """

    path: str
    function_name: str
    method: str = "ANY"
    authorization: str = "NONE"
    user_pool_id: str | None = None
    scopes: tuple[str, ...] = ()
    api_key_required: bool = False


@dataclass(frozen=True)
class RestApi:
    """A REST API with one stage. Of ``binary_media_types`` bodies reach functions in base64, and come back so.
    ``api_keys`` are the values of its usage plan's keys.
    """

    api_id: str
    name: str
    stage: str
    routes: tuple[Route, ...] = ()
    binary_media_types: tuple[str, ...] = ()
    api_keys: tuple[str, ...] = ()
