"""Which REST APIs exist."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Route:
    """A resource with a Lambda proxy integration: ``path`` as API Gateway writes it (``/user/exists``,
    ``/items/{proxy+}``), ``method`` an HTTP method or ``ANY``, ``authorization`` ``NONE``, ``AWS_IAM`` or
    ``COGNITO_USER_POOLS``.
    """

    path: str
    function_name: str
    method: str = "ANY"
    authorization: str = "NONE"
    user_pool_id: str | None = None


@dataclass(frozen=True)
class RestApi:
    """A REST API with one stage. Of ``binary_media_types`` bodies reach functions in base64, and come back so."""

    api_id: str
    name: str
    stage: str
    routes: tuple[Route, ...] = ()
    binary_media_types: tuple[str, ...] = ()
