"""Runs the handlers of APPSYNC_JS code, bounded in time, memory and size.

https://docs.aws.amazon.com/appsync/latest/devguide/resolver-reference-overview-js.html
"""

import re
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

from habitr_emulator.kernel.errors import NotBuilt
from habitr_emulator.services.appsync.errors import BadRequestException
from habitr_emulator.services.appsync.javascript.effects import apply, ended, helper
from habitr_emulator.services.appsync.javascript.linker import LinkError, linked
from habitr_emulator.services.appsync.spec import JavaScript, ResolverContext, ResolverError
from habitr_emulator.services.appsync.vtl.to_json import parse_json, to_json

LONGEST_CODE: Final = 32_000
LONGEST_SECONDS: Final = 1.0
LONGEST_OUTPUT: Final = 5 * 1024 * 1024
MOST_MEMORY: Final = 64 * 1024 * 1024
KEPT: Final = 64
_PLACE: Final = re.compile(r"<input>:(\d+):(\d+)")
_MISSING: Final = "JavaScript resolvers need QuickJS: pip install habitr-emulator[js]"


class CodeProblem(Exception):
    """Code that cannot be run: ``error`` is a CodeError as AWS shows it."""

    def __init__(self, kind: str, value: str, line: int = 1, column: int = 1) -> None:
        super().__init__(value)
        location = {"line": line, "column": column, "span": 1}
        self.error = {"errorType": kind, "value": value, "location": location}


def check(code: str) -> None:
    """Raise BadRequestException for code that is no module of this runtime, NotBuilt without QuickJS."""
    if not available():
        raise NotBuilt(_MISSING, why="the extra js is not installed")
    try:
        _Module(code)
    except CodeProblem as problem:
        detail = {"codeErrors": [problem.error]}
        raise BadRequestException(
            "The code contains one or more errors.", reason="CODE_ERROR", detail=detail, why=str(problem)
        ) from None


def call(template: JavaScript, ctx: ResolverContext) -> Any:
    """What a handler returns. Changes of arguments and stash stay in ``ctx``.

    Raises EarlyReturn (``runtime.earlyReturn``), ResolverError (``util.error``; code that fails has the type
    ``Code``) and Unauthorized.
    """
    if not available():
        raise ResolverError(_MISSING, "NotImplemented", why="the extra js is not installed")
    try:
        outcome = _modules.of(template).run(template.handler, ctx)
    except CodeProblem as problem:
        # guess: how AppSync words an exception that code does not expect
        raise ResolverError(
            str(problem), "Code", None, {"codeErrors": [problem.error]}, why=f"the code failed: {problem}"
        ) from None
    ctx.arguments, ctx.stash = outcome["arguments"], outcome["stash"]
    apply(outcome["effects"], ctx)
    if "end" in outcome:
        raise ended(*outcome["end"])
    return outcome.get("value")


@cache
def available() -> bool:
    """Is QuickJS installed?"""
    try:
        import quickjs as quickjs
    except ImportError:
        return False
    return True


@cache
def _runtime() -> str:
    return files(__package__).joinpath("runtime.js").read_text()


class _Modules(threading.local):
    """The modules in use. QuickJS wants all calls of a context in the thread that made it."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], _Module] = OrderedDict()

    def of(self, template: JavaScript) -> "_Module":
        """The module of an API's code, kept while it is used."""
        key = template.api, template.code
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = _Module(template.code)
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return found


_modules = _Modules()


class _Module:
    """One module in a context of its own."""

    def __init__(self, code: str) -> None:
        import quickjs

        if len(code) > LONGEST_CODE:
            raise CodeProblem("CODE_TOO_LONG", f"The code is longer than {LONGEST_CODE} characters.")
        self._failure = quickjs.JSException
        self._context = context = quickjs.Context()
        context.set_memory_limit(MOST_MEMORY)
        context.eval(_runtime())
        context.set_time_limit(LONGEST_SECONDS)
        try:
            text = _below(linked(code))
            loading = context.module(text)  # a promise: what its top level throws is not raised
            context.get("__watch")(loading)
            while context.execute_pending_job():
                pass
            context.get("__loaded")(context.eval(f"(function (__import, __export) {{ 'use strict';{text}\n}})"))
            self._call = context.get("__call")
        except LinkError as error:
            raise CodeProblem("PARSER_ERROR", error.message, error.line) from None
        except self._failure as error:
            raise _problem(error, "PARSER_ERROR") from None

    def run(self, handler: str, ctx: ResolverContext) -> dict[str, Any]:
        """What ``__call`` tells in the end, once it has every answer of a helper that it asked for."""
        shown, answers = to_json(_shown(ctx)), list[str]()
        deadline = time.process_time() + LONGEST_SECONDS
        while True:
            self._context.set_time_limit(max(deadline - time.process_time(), 0.001))
            try:
                told = self._call(handler, shown, f"[{','.join(answers)}]")
            except self._failure as error:
                raise _problem(error, "RUNTIME_ERROR") from None
            outcome = _read(told)
            if "missing" in outcome:
                raise CodeProblem("RUNTIME_ERROR", f"The code does not export the function {handler}.")
            if "ask" not in outcome:
                return _whole(outcome)
            name, given = outcome["ask"]
            answers.append(helper(name, given, ctx))


def _read(told: str) -> dict[str, Any]:
    """What ``__call`` told; raises CodeProblem for what is too much."""
    if len(told) > LONGEST_OUTPUT:
        raise CodeProblem("RUNTIME_ERROR", f"The handler gave more than {LONGEST_OUTPUT} characters.")
    try:
        outcome: dict[str, Any] = parse_json(told)
    except (ValueError, RecursionError):
        raise CodeProblem("RUNTIME_ERROR", "What the handler gave is nested too deeply.") from None
    return outcome


def _whole(outcome: dict[str, Any]) -> dict[str, Any]:
    """With arguments and stash as objects, whatever a handler has put in their places."""
    kept = {name: outcome.get(name) for name in ("arguments", "stash")}
    return {**outcome, **{name: value if isinstance(value, dict) else {} for name, value in kept.items()}}


def _problem(error: Exception, kind: str) -> CodeProblem:
    """QuickJS's exception: its first line, and where it was thrown."""
    message, _, trace = str(error).strip().partition("\n")
    if message == "null":  # QuickJS has not even the memory for an exception
        # guess: that nobody throws null, which cannot be told from it
        message = "InternalError: out of memory"
    if message == "InternalError: interrupted":
        message = f"The code ran for more than {LONGEST_SECONDS:g} s."
    above = _runtime().count("\n") + 1
    frames = ((int(line) - above, int(column)) for line, column in _PLACE.findall(trace))
    line, column = next((frame for frame in frames if frame[0] > 0), (1, 1))
    return CodeProblem(kind, message, line, column)


def _below(code: str) -> str:
    """A module on lines below the runtime's, so that a place tells whose it is."""
    return "\n" * (_runtime().count("\n") + 1) + code


def _shown(ctx: ResolverContext) -> Mapping[str, Any]:
    """``ctx`` as code sees it."""
    info = ctx.info
    return {
        "arguments": ctx.arguments,
        "identity": None if ctx.identity is None else dict(ctx.identity),
        "source": ctx.source,
        "result": ctx.result,
        "prev": {"result": ctx.prev_result},
        "request": {"headers": dict(ctx.request_headers), "domainName": ctx.domain_name},
        "info": {
            "fieldName": info.field_name,
            "parentTypeName": info.parent_type_name,
            "variables": dict(info.variables),
            "selectionSetList": list(info.selection_set_list),
            "selectionSetGraphQL": info.selection_set_graphql,
        },
        "stash": ctx.stash,
        "error": ctx.error,
        "outErrors": [{"message": error.message, "type": error.error_type} for error in ctx.errors],
        "env": dict(ctx.environment),
    }
