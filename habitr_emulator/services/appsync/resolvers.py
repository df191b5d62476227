"""Runs resolvers: unit and pipeline, VTL and native, many instances of one field in lock-step.

Every stage of a resolver runs for all instances before the next stage starts, so that a data source sees their
documents together and can batch them. https://docs.aws.amazon.com/appsync/latest/devguide/pipeline-resolvers.html
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from habitr_emulator.kernel.trace import Snapshot, Span
from habitr_emulator.services.appsync import data_sources
from habitr_emulator.services.appsync.data_sources.result import DataSourceResult
from habitr_emulator.services.appsync.direct_lambda import direct_document
from habitr_emulator.services.appsync.spec import (
    EarlyReturn,
    Function,
    GraphqlApi,
    JavaScript,
    Resolver,
    ResolverContext,
    ResolverError,
    Template,
    Vtl,
)
from habitr_emulator.services.context import Context

MAX_FUNCTIONS = 10
#: So many documents of BatchInvoke go to a Lambda function together, unless maxBatchSize says otherwise.
DEFAULT_BATCH = 5
_OLD_VERSION = "2017-02-28"
# a document that is no request, or a data source that is not there: no response template may swallow it
_FINAL = ("MappingTemplate", "NotImplemented")
_JSON_STARTS = ("{", "[", '"', "null")


@dataclass(slots=True)
class Outcome:
    """What one instance of a field came to: its value, or the error in its place. Errors that templates
    appended stay in ``ctx.errors``.
    """

    value: Any = None
    error: ResolverError | None = None


async def run(
    api: GraphqlApi, resolver: Resolver, contexts: list[ResolverContext], context: Context
) -> list[Outcome]:
    """Resolve every instance of one field at one level; outcomes in the order of ``contexts``."""
    if not resolver.told:
        return [run_local(resolver, ctx) for ctx in contexts]
    instances = [_Instance(resolver, ctx) for ctx in contexts]
    for function in resolver.functions:
        if resolver.kind == "UNIT":
            await _step(api, function, instances, context)
        elif any(one.waiting for one in instances):
            with context.span.child(function.name) as span:
                await _step(api, function, instances, context.within(span))
    return [one.finish() for one in instances]


async def _step(api: GraphqlApi, function: Function, instances: Sequence["_Instance"], context: Context) -> None:
    """One function for all instances that have come to it; the trace tells of the first."""
    waiting = [one for one in instances if one.waiting]
    asking = [one for one in waiting if one.ask(function)]
    span, results = context.span, list[DataSourceResult]()
    if asking:
        results = await _invoke(api, function, asking, context)
        error = results[0].error
        span.note(request=Snapshot(asking[0].document))
        span.note(result=Snapshot(results[0].value) if error is None else f"{error.error_type}: {error.message}")
        for one, result in zip(asking, results, strict=True):
            one.answer(function, result)
    if waiting:
        _tell_response(span, waiting[0], results)


def _tell_response(span: Span, first: "_Instance", results: Sequence[DataSourceResult]) -> None:
    ctx, refused = first.ctx, first.outcome.error if first.outcome is not None else None
    if refused is not None:
        span.note(response=f"error: {refused.message}")
    elif not results or ctx.prev_result is not results[0].value:
        span.note(response=Snapshot(ctx.prev_result))
    if ctx.stash:
        span.note(stash=Snapshot(ctx.stash))


def run_local(resolver: Resolver, ctx: ResolverContext) -> Outcome:
    """Resolve one instance of a field whose functions have no data source."""
    one = _Instance(resolver, ctx)
    for function in resolver.functions:
        if not one.waiting:
            break
        one.ask(function)
    return one.finish()


async def _invoke(
    api: GraphqlApi, function: Function, asking: Sequence["_Instance"], context: Context
) -> list[DataSourceResult]:
    source = api.data_sources.get(function.data_source or "")
    if source is None:
        reason = f"No data source found named {function.data_source}"
        return [DataSourceResult(error=ResolverError(reason, "MappingTemplate"))] * len(asking)
    documents = [one.document for one in asking]
    if source.type != "AWS_LAMBDA" or len(documents) == 1:
        return await data_sources.invoke(documents, source, context)
    size = function.max_batch_size or DEFAULT_BATCH
    batches = [documents[start : start + size] for start in range(0, len(documents), size)]
    answered = await asyncio.gather(*[data_sources.invoke(batch, source, context) for batch in batches])
    return [result for results in answered for result in results]


class _Instance:
    """One field instance on its way through the stages; ``outcome`` is set when it has arrived, ``waiting`` says
    whether it goes on to the next function.
    """

    __slots__ = ("ctx", "document", "outcome", "resolver", "scope", "skipping", "unit")

    def __init__(self, resolver: Resolver, ctx: ResolverContext) -> None:
        self.resolver, self.ctx = resolver, ctx
        self.unit = resolver.kind == "UNIT"
        self.outcome: Outcome | None = None
        self.document: dict[str, Any] = {}
        self.scope: Any = None
        self.skipping = False
        if len(resolver.functions) > MAX_FUNCTIONS:
            why = f"a pipeline has at most {MAX_FUNCTIONS} functions, this one has {len(resolver.functions)}"
            self.outcome = Outcome(
                None, ResolverError("Too many functions in the pipeline.", "MappingTemplate", why=why)
            )
        elif resolver.before is not None:
            self._before(resolver.before)

    @property
    def waiting(self) -> bool:
        return self.outcome is None and not self.skipping

    def _before(self, template: Template) -> None:
        """The before template's output does not matter, its stash does. What code returns early goes to its own
        response handler, what a template returns early is the field's value.
        """
        try:
            self._evaluate(template)
        except EarlyReturn as early:
            if isinstance(template, JavaScript):
                self.ctx.prev_result, self.skipping = early.value, True
            else:
                self.outcome = Outcome(self._returned(template, early))
        except ResolverError as error:
            self.outcome = Outcome(None, error)

    def ask(self, function: Function) -> bool:
        """Evaluate the request; True if the data source has to be asked for ``document``."""
        ctx = self.ctx
        ctx.result = ctx.error = None
        try:
            document = self._request(function)
        except EarlyReturn as early:
            self.skipping = early.to_end
            self._settle(self._returned(function.request, early))
            return False
        except ResolverError as error:
            self.outcome = Outcome(None, error)
            return False
        if function.data_source is not None:
            self.document = document
            return True
        ctx.result = document.get("payload") if isinstance(function.request, Vtl | JavaScript) else document
        self._respond(function)
        return False

    def answer(self, function: Function, result: DataSourceResult) -> None:
        """Take the data source's result and evaluate the response."""
        error = result.error
        old = self.unit and self.document.get("version") == _OLD_VERSION
        if error is not None and (old or function.response is None or error.error_type in _FINAL):
            self.outcome = Outcome(None, error)
            return
        if old and result.value is None:
            self.outcome = Outcome(None)
            return
        self.ctx.result = result.value
        self.ctx.error = None if error is None else {"message": error.message, "type": error.error_type}
        self._respond(function)

    def finish(self) -> Outcome:
        """Evaluate the after template, if the instance came that far."""
        if self.outcome is not None:
            return self.outcome
        ctx, after = self.ctx, self.resolver.after
        ctx.result, ctx.error = ctx.prev_result, None
        if after is None:
            return Outcome(ctx.prev_result)
        try:
            return Outcome(self._value(after))
        except EarlyReturn as early:
            return Outcome(self._returned(after, early))
        except ResolverError as error:
            return Outcome(None, error)

    def _respond(self, function: Function) -> None:
        response = function.response
        if response is None:
            self._settle(self.ctx.result)
            return
        try:
            self._settle(self._value(response))
        except EarlyReturn as early:
            self.skipping = early.to_end
            self._settle(self._returned(response, early))
        except ResolverError as error:
            self.outcome = Outcome(None, error)

    def _settle(self, value: Any) -> None:
        """A unit resolver ends with its function's value, a pipeline goes on with it."""
        self.ctx.prev_result = value
        if self.unit:
            self.outcome = Outcome(value)

    def _request(self, function: Function) -> Any:
        template = function.request
        if template is None:
            return direct_document(self.ctx, function) if function.data_source is not None else None
        document = self._value(template)
        if isinstance(document, dict) or (
            function.data_source is None and not isinstance(template, Vtl | JavaScript)
        ):
            return document
        raise ResolverError(f"Expected JSON object but got {_kind(document)} instead.", "MappingTemplate")

    def _value(self, template: Template) -> Any:
        found = self._evaluate(template)
        return _document(found) if isinstance(template, Vtl) else found

    def _evaluate(self, template: Template) -> Any:
        try:
            if isinstance(template, Vtl):
                return self._rendered(template)
            if isinstance(template, JavaScript):
                from habitr_emulator.services.appsync.javascript.code import call

                return call(template, self.ctx)
            return template(self.ctx)
        except RecursionError:
            raise ResolverError("The arguments are nested too deeply.", "MappingTemplate") from None

    def _rendered(self, template: Vtl) -> Any:
        from habitr_emulator.services.appsync.vtl.render import Scope, render

        if self.scope is None:
            self.scope = Scope(self.ctx)
        return render(template.text, self.ctx, self.scope)

    def _returned(self, template: Template | None, early: EarlyReturn) -> Any:
        """The value of ``#return``. Text that is JSON, as ``$util.toJson`` makes it, counts as its value."""
        value = early.value
        # guess: that AppSync reads such a text is not documented, but templates write #return($util.toJson(...))
        if not isinstance(template, Vtl) or not isinstance(value, str) or not value.startswith(_JSON_STARTS):
            return value
        try:
            return _parser()(value)
        except ValueError:
            return value


@cache
def _parser() -> Callable[[str], Any]:
    from habitr_emulator.services.appsync.vtl.to_json import parse_json

    return parse_json


def _document(text: str) -> Any:
    if not text or text.isspace():
        raise ResolverError("Template transformation yielded an empty response.", "MappingTemplate")
    try:
        return _parser()(text)
    except ValueError as error:
        message = f"Unable to parse the JSON document: '{error}'"
        raise ResolverError(message, "MappingTemplate", why=f"the mapping template made: {text[:300]}") from error


def _kind(value: Any) -> str:
    if value is None:
        return "NULL"
    return {bool: "BOOLEAN", str: "STRING", list: "ARRAY"}.get(type(value), "NUMBER")
