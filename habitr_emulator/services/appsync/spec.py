"""Which GraphQL APIs exist, and the small interface behind which VTL and native resolvers are alike.

A resolver is a list of functions, each *request -> data source -> response*. A function's request template
makes a request document for the data source (AppSync's own: ``{"operation": "GetItem", "key": {...}}``), its
response template makes the function's result from the data source's. A template is VTL text or a plain Python
function of ``ResolverContext``; both may end the field early (``EarlyReturn``) or refuse (``ResolverError``).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar, Literal

AuthenticationType = Literal["AMAZON_COGNITO_USER_POOLS", "API_KEY", "AWS_IAM", "OPENID_CONNECT", "AWS_LAMBDA"]


@dataclass(frozen=True)
class AuthMode:
    """One authentication mode of an API.

    ``client_id`` is a pattern that the token's app client must match (user pools, OIDC). ``default_action`` DENY
    closes fields without a directive to user pool callers. ``iat_ttl`` and ``auth_ttl`` are how long after ``iat``
    and ``auth_time`` an OIDC token is taken, in seconds, 0 for ever. Of a Lambda authorizer ``token_pattern`` is
    what a token must match to be asked about, ``ttl`` how many seconds an answer without ``ttlOverride`` holds.
    """

    type: AuthenticationType
    user_pool_id: str | None = None
    issuer: str | None = None
    function_name: str | None = None
    client_id: str = ""
    default_action: Literal["ALLOW", "DENY"] = "ALLOW"
    iat_ttl: float = 0.0
    auth_ttl: float = 0.0
    token_pattern: str = ""
    ttl: float = 300.0


@dataclass(frozen=True)
class ApiKey:
    """An API key; ``expires`` in seconds by the emulator's clock, None never."""

    id: str
    expires: float | None = None
    description: str = ""


@dataclass(frozen=True)
class DataSource:
    """A data source; ``type`` is AppSync's DataSourceType, ``config`` what that type needs: ``table_name``,
    ``function_name`` or ``endpoint``; ``conflict_handler`` makes a table a versioned one.
    """

    name: str
    type: str
    config: Mapping[str, str] = field(default_factory=dict)


class ResolverError(Exception):
    """``$util.error``: the field becomes null (or keeps ``data``) and this error stands beside the data."""

    def __init__(
        self,
        message: str,
        error_type: str | None = None,
        data: Any = None,
        error_info: Any = None,
        *,
        why: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message, self.error_type, self.data, self.error_info = message, error_type, data, error_info
        self.why = why


class Unauthorized(ResolverError):
    """``$util.unauthorized()``: the executor words it, as it knows field and type."""

    def __init__(self, *, why: str | None = None) -> None:
        super().__init__("", "Unauthorized", {}, {}, why=why)


class EarlyReturn(Exception):
    """``#return(value)``, ``runtime.earlyReturn(value)``; ``to_end`` skips the rest of the pipeline."""

    def __init__(self, value: Any = None, *, to_end: bool = False) -> None:
        super().__init__()
        self.value = value
        self.to_end = to_end


@dataclass(slots=True)
class FieldInfo:
    """``$ctx.info``: ``selection_set_list`` are slash paths; ``selected`` tells if a path is selected."""

    field_name: str
    parent_type_name: str
    variables: Mapping[str, Any]
    selection_set_list: list[str] = field(default_factory=list)
    selection_set_graphql: str = ""


@dataclass(slots=True)
class ResolverContext:
    """``$ctx``: lives as long as one field's resolver.

    ``identity`` is ``$ctx.identity`` (None for an API key), ``auth_type`` the AuthenticationType of the
    request. ``arguments``, ``stash`` and ``result`` may be changed by templates. ``operation`` is ``query``,
    ``mutation`` or ``subscription``. ``errors`` collects ``$util.appendError``. ``subscription_filter`` and the
    like are what ``$extensions`` set; ``logs``, if it is a list, collects what templates log. ``now_iso`` and
    ``new_id`` are the emulator's clock and ids.
    """

    arguments: dict[str, Any]
    source: Any
    identity: Mapping[str, Any] | None
    auth_type: str
    info: FieldInfo
    operation: str
    now_iso: Callable[[], str]
    new_id: Callable[[], str]
    request_headers: Mapping[str, str] = field(default_factory=dict)
    domain_name: str | None = None
    stash: dict[str, Any] = field(default_factory=dict)
    prev_result: Any = None
    result: Any = None
    error: Mapping[str, Any] | None = None
    errors: list[ResolverError] = field(default_factory=list)
    environment: Mapping[str, str] = field(default_factory=dict)
    subscription_filter: Mapping[str, Any] | None = None
    invalidation_filter: Mapping[str, Any] | None = None
    invalidations: list[Mapping[str, Any]] = field(default_factory=list)
    response_headers: dict[str, str] = field(default_factory=dict)
    logs: list[str] | None = None


@dataclass(frozen=True)
class Vtl:
    """A mapping template's text; ``name`` (its file) is for errors and traces."""

    text: str
    name: str = ""


@dataclass(frozen=True)
class JavaScript:
    """The ``handler`` that a module of the runtime APPSYNC_JS exports; ``name`` (its file) is for traces.

    ``api`` keeps the modules of APIs apart whose code is the same.
    """

    code: str
    handler: Literal["request", "response"]
    name: str = ""
    api: str = ""


Native = Callable[[ResolverContext], Any]
Template = Vtl | JavaScript | Native


@dataclass(frozen=True)
class Function:
    """An AppSync function. ``data_source`` None is the NONE data source: the request's document is its result
    (for VTL and JavaScript: its ``payload``). ``max_batch_size`` is how many documents at most a Lambda function
    is sent together (0: AppSync's default); a direct Lambda resolver batches only if it is given.
    """

    name: str
    data_source: str | None
    request: Template | None
    response: Template | None = None
    max_batch_size: int = 0


@dataclass(frozen=True)
class Resolver:
    """A field's resolver. ``UNIT`` has exactly one function; ``before`` and ``after`` belong to ``PIPELINE``.

    ``reads``, if known, are all the attributes of the source that the outcome depends on: objects that agree in
    them share one call.
    """

    kind: Literal["UNIT", "PIPELINE"]
    functions: tuple[Function, ...]
    before: Template | None = None
    after: Template | None = None
    reads: tuple[str, ...] | None = None

    @cached_property
    def told(self) -> bool:
        """Does a trace tell of it? Not of what the emulator does natively without asking a data source."""
        return not self.local or any(isinstance(function.request, Vtl | JavaScript) for function in self.functions)

    @cached_property
    def local(self) -> bool:
        """Does it work without a data source?"""
        return all(function.data_source is None for function in self.functions)


@dataclass(frozen=True)
class GraphqlApi:
    """An API: its SDL (AppSync's: directives ``@aws_*``, scalars ``AWS*`` undeclared), modes (the default
    first), keys, data sources by name, resolvers by (type, field).
    """

    api_id: str
    name: str
    sdl: str
    auth_modes: tuple[AuthMode, ...]
    api_keys: tuple[ApiKey, ...] = ()
    data_sources: Mapping[str, DataSource] = field(default_factory=dict)
    resolvers: Mapping[tuple[str, str], Resolver] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    query_depth_limit: int = 0
    resolver_count_limit: int = 0
    introspection: bool = True

    DEFAULT_PATH: ClassVar[str] = "/graphql"
    #: The types of data sources that are in this process and wait for nobody.
    PROMPT: ClassVar[frozenset[str]] = frozenset({"AMAZON_DYNAMODB", "AMAZON_OPENSEARCH_SERVICE", "NONE"})

    def answers_promptly(self, resolver: Resolver) -> bool:
        """Whether no function of the resolver asks something that may keep it waiting."""
        asked = [self.data_sources.get(function.data_source or "") for function in resolver.functions]
        return all(source is None or source.type in self.PROMPT for source in asked)
