"""Renders a mapping template against ``$ctx``.

https://docs.aws.amazon.com/appsync/latest/devguide/resolver-context-reference.html
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from habitr_emulator.services.appsync.spec import EarlyReturn, FieldInfo, ResolverContext, ResolverError
from habitr_emulator.services.appsync.vtl.compiler import compiled
from habitr_emulator.services.appsync.vtl.lexer import SyntaxProblem
from habitr_emulator.services.appsync.vtl.util import EXTENSIONS, UTIL
from habitr_emulator.services.appsync.vtl.values import Budget, ContextMap, Deferred, Stop, Tool, Variables, joined


def render(text: str, ctx: ResolverContext, scope: "Scope | None" = None) -> str:
    """The template's output. Changes of arguments and stash stay in ``ctx``.

    Raises EarlyReturn (``#return``), ResolverError (``$util.error``; a template that cannot be parsed or
    evaluated has the type ``MappingTemplate``) and Unauthorized. ``scope`` is the context's view for
    templates, kept by a caller who renders several templates with one context.
    """
    scope = scope or Scope(ctx)
    try:
        return render_variables(text, scope.variables())
    finally:
        scope.take_back()


def render_variables(text: str, variables: Mapping[str, Any]) -> str:
    """The template's output with variables of the caller's own; raises as ``render`` does."""
    out: list[str] = []
    try:
        with suppress(Stop):
            compiled(text)(Variables(variables), out, Budget())
        return joined(out)
    except (EarlyReturn, ResolverError):
        raise
    except SyntaxProblem as problem:
        raise unable(str(problem)) from problem
    except Exception as error:
        raise unable(_reason(error)) from error


def unable(reason: str) -> ResolverError:
    """The error of a template that failed."""
    return ResolverError(
        f"Unable to transform for the reason: {reason}",
        "MappingTemplate",
        why=f"the mapping template failed: {reason}",
    )


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__


class Scope:
    """One ResolverContext as templates see it, made once for all templates of a resolver."""

    __slots__ = ("_ctx", "_fixed", "_map")

    def __init__(self, ctx: ResolverContext) -> None:
        self._ctx = ctx
        self._map = _context_map(ctx)
        util = Tool(UTIL, ctx)
        self._fixed = {
            "ctx": self._map,
            "context": self._map,
            "util": util,
            "utils": util,
            "extensions": Tool(EXTENSIONS, ctx),
        }

    def variables(self) -> dict[str, Any]:
        """The variables of the next template, with what changed since the last one."""
        ctx = self._ctx
        self._map.update(
            arguments=ctx.arguments,
            stash=ctx.stash,
            result=ctx.result,
            prev={"result": ctx.prev_result},
            error=ctx.error,
            outErrors=[{"message": error.message, "type": error.error_type} for error in ctx.errors],
        )
        return self._fixed

    def take_back(self) -> None:
        """Keep what a template assigned to ``$ctx.args`` and ``$ctx.stash``."""
        ctx, kept = self._ctx, super(ContextMap, self._map).__getitem__
        ctx.arguments, ctx.stash, ctx.result = kept("arguments"), kept("stash"), kept("result")


def _context_map(ctx: ResolverContext) -> ContextMap:
    return ContextMap(
        arguments=ctx.arguments,
        identity=Deferred(lambda: None if ctx.identity is None else dict(ctx.identity)),
        source=ctx.source,
        result=ctx.result,
        request=Deferred(lambda: {"headers": dict(ctx.request_headers), "domainName": ctx.domain_name}),
        prev=None,
        info=Deferred(lambda: _info(ctx.info)),
        error=ctx.error,
        stash=ctx.stash,
        outErrors=[],
        env=Deferred(lambda: dict(ctx.environment)),
    )


def _info(info: FieldInfo) -> ContextMap:
    return ContextMap(
        fieldName=info.field_name,
        parentTypeName=info.parent_type_name,
        variables=Deferred(lambda: dict(info.variables)),
        selectionSetList=Deferred(lambda: list(info.selection_set_list)),
        selectionSetGraphQL=Deferred(lambda: info.selection_set_graphql),
    )


def context_of(shown: Mapping[str, Any], now_iso: Callable[[], str], new_id: Callable[[], str]) -> ResolverContext:
    """A ResolverContext from ``$ctx`` as JSON (what AppSync's console and CLI evaluate templates with):
    ``arguments`` or ``args``, ``source``, ``result``, ``stash``, ``identity``, ``prev``, ``error``,
    ``request.headers``, ``info``, ``env``; ``authType`` an AuthenticationType.
    """
    info, request = shown.get("info") or {}, shown.get("request") or {}
    identity = shown.get("identity")
    return ResolverContext(
        arguments=dict(shown.get("arguments") or shown.get("args") or {}),
        source=shown.get("source"),
        identity=identity,
        auth_type=shown.get("authType") or ("AMAZON_COGNITO_USER_POOLS" if identity else "API_KEY"),
        info=FieldInfo(
            info.get("fieldName", ""),
            info.get("parentTypeName", ""),
            info.get("variables") or {},
            list(info.get("selectionSetList") or []),
            info.get("selectionSetGraphQL", ""),
        ),
        operation=(info.get("parentTypeName") or "Query").lower(),
        now_iso=now_iso,
        new_id=new_id,
        request_headers=request.get("headers") or {},
        domain_name=request.get("domainName"),
        stash=dict(shown.get("stash") or {}),
        prev_result=(shown.get("prev") or {}).get("result"),
        result=shown.get("result"),
        error=shown.get("error"),
        environment=shown.get("env") or {},
    )


def evaluate(
    text: str, shown: Mapping[str, Any], now_iso: Callable[[], str], new_id: Callable[[], str]
) -> dict[str, Any]:
    """Evaluate a template against ``$ctx`` as JSON, as EvaluateMappingTemplate does.

    Gives ``evaluationResult`` (the text), or ``returned`` (the value of ``#return``), or ``error`` (message,
    type, data, info); beside it ``stash`` and ``outErrors`` as the template left them.
    """
    ctx = context_of(shown, now_iso, new_id)
    outcome: dict[str, Any]
    try:
        outcome = {"evaluationResult": render(text, ctx)}
    except EarlyReturn as early:
        outcome = {"returned": early.value}
    except ResolverError as error:
        outcome = {"error": _shown_error(error)}
    return {**outcome, "stash": ctx.stash, "outErrors": [_shown_error(error) for error in ctx.errors]}


def _shown_error(error: ResolverError) -> dict[str, Any]:
    return {"message": error.message, "type": error.error_type, "data": error.data, "info": error.error_info}
