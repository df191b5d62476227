"""Handlers of APPSYNC_JS code, run alone."""

import contextlib
import time
from itertools import count
from typing import Any

import pytest

from habitr_emulator.kernel.errors import NotBuilt
from habitr_emulator.services.appsync.errors import BadRequestException
from habitr_emulator.services.appsync.javascript import code as engine
from habitr_emulator.services.appsync.javascript.linker import LinkError, linked
from habitr_emulator.services.appsync.spec import (
    EarlyReturn,
    JavaScript,
    ResolverContext,
    ResolverError,
    Unauthorized,
)
from habitr_emulator.services.appsync.vtl.render import context_of

pytest.importorskip("quickjs")
UTILS = "import { util, runtime, extensions } from '@aws-appsync/utils';"
DYNAMODB = "import * as ddb from '@aws-appsync/utils/dynamodb';"


def context(**shown: Any) -> ResolverContext:
    ids = count(1)
    made = context_of(shown, lambda: "2026-01-02T03:04:05.678Z", lambda: f"id{next(ids)}")
    made.logs = []
    return made


def run(body: str, ctx: ResolverContext | None = None) -> Any:
    """What ``export function request(ctx) { body }`` returns."""
    text = f"{UTILS}{DYNAMODB} export function request(ctx) {{ {body} }}"
    return engine.call(JavaScript(text, "request"), ctx or context())


def failure(body: str) -> ResolverError:
    with pytest.raises(ResolverError) as raised:
        run(body)
    return raised.value


def test_code_sees_the_context_and_leaves_stash_and_arguments() -> None:
    ctx = context(arguments={"id": "1"}, stash={"n": 1}, prev={"result": 5}, source={"s": True}, env={"E": "x"})
    found = run(
        "ctx.stash.n++; ctx.args.id = '2'; return [ctx.prev.result, ctx.source.s, ctx.env.E, ctx.identity]", ctx
    )
    assert found == [5, True, "x", None]
    assert (ctx.stash, ctx.arguments) == ({"n": 2}, {"id": "2"})


def test_arguments_and_stash_stay_objects() -> None:
    ctx = context(arguments={"id": "1"}, stash={"n": 1})
    run("ctx.arguments = 5; ctx.stash = undefined", ctx)
    assert (ctx.arguments, ctx.stash) == ({}, {})


def test_helpers_are_those_of_templates() -> None:
    found = run(
        "return [util.autoId(), util.autoId(), util.time.nowISO8601(), util.time.nowFormatted('yyyy'),"
        " util.matches('^a', 'abc'), util.dynamodb.toMapValues({n: 1, s: null}), util.str.toUpper('x'),"
        " util.transform.toSubscriptionFilter({a: {eq: 1}}), util.xml.toMap('<a>1</a>'), util.authType()]"
    )
    assert found[:6] == [
        "id1",
        "id2",
        "2026-01-02T03:04:05.678Z",
        "2026",
        True,
        {"n": {"N": 1}, "s": {"NULL": None}},
    ]
    assert found[6] == "X"
    assert found[7]["filterGroup"][0]["filters"] == [{"fieldName": "a", "operator": "eq", "value": 1}]
    assert found[8:] == [{"a": 1}, "API Key Authorization"]


def test_errors_and_early_returns_end_a_handler() -> None:
    error = failure("util.error('no', 'Kind', {a: 1}, {b: 2}); return 1")
    assert (error.message, error.error_type, error.data, error.error_info) == ("no", "Kind", {"a": 1}, {"b": 2})
    assert isinstance(failure("util.unauthorized()"), Unauthorized)
    for option, to_end in (("", False), (", {skipTo: 'NEXT'}", False), (", {skipTo: 'END'}", True)):
        with pytest.raises(EarlyReturn) as early:
            run(f"runtime.earlyReturn({{x: 1}}{option}); return 2")
        assert (early.value.value, early.value.to_end) == ({"x": 1}, to_end)


def test_effects_happen_once_however_often_a_handler_is_run_again() -> None:
    ctx = context()
    run(
        "util.appendError('soft', 'Soft'); console.log('id', {is: util.autoId()});"
        "extensions.setSubscriptionFilter({filterGroup: []}); util.http.addResponseHeader('x-a', util.autoId());"
        "extensions.invalidateSubscriptions({subscriptionField: 'onX', payload: {}})",
        ctx,
    )
    assert [error.message for error in ctx.errors] == ["soft"]
    assert ctx.logs == ['id {"is":"id1"}']
    assert ctx.response_headers == {"x-a": "id2"}
    assert ctx.subscription_filter == {"filterGroup": []}
    assert len(ctx.invalidations) == 1


def test_code_that_fails_says_what_and_where() -> None:
    error = failure("\n\n return ctx.args.a.b")
    assert error.error_type == "Code"
    assert error.message == "TypeError: cannot read property 'b' of undefined"
    (told,) = error.error_info["codeErrors"]
    assert (told["errorType"], told["location"]["line"]) == ("RUNTIME_ERROR", 3)
    assert "Invalid isoformat" in failure("util.time.parseISO8601ToEpochMilliSeconds('x')").message
    missing = engine.call, JavaScript("export const response = () => 1", "request")
    with pytest.raises(ResolverError, match="does not export the function request"):
        missing[0](missing[1], context())


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("while (true) {}", "ran for more than 1 s"),
        ("const kept = []; while (true) kept.push('x'.repeat(100000) + kept.length)", "out of memory"),
        ("return (function again() { return again() })()", "call stack"),
        ("return 'x'.repeat(6000000)", "more than 5242880 characters"),
        ("let deep = {}; for (let i = 0; i < 3000; i++) deep = {deep}; return deep", "nested too deeply"),
        ("return new Date()", "Date is not defined"),
        ("return (async () => 1)()", "async functions are not supported"),
        ("return fetch('http://example.com')", "fetch is not defined"),
    ],
)
def test_code_cannot_hang_grow_or_reach_out(body: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if "while (true) {}" in body:
        monkeypatch.setattr(engine, "LONGEST_SECONDS", 0.05)
        words = "ran for more than 0.05 s"
    assert words in failure(body).message
    assert run("return 1") == 1


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("export function request(", "SyntaxError"),
        ("import fs from 'fs'; export const request = () => fs", "Unable to resolve the import 'fs'"),
        ("import { nope } from '@aws-appsync/utils'", "does not export nope"),
        ("import { util } from '@aws-appsync/utils'; const id = util.autoId()", "only be called in a handler"),
        ("null.x", "TypeError"),
        ("//" + "x" * 32_000, "longer than 32000 characters"),
    ],
)
def test_code_is_checked_when_it_is_given(code: str, words: str) -> None:
    with pytest.raises(BadRequestException) as refused:
        engine.check(code)
    assert refused.value.message == "The code contains one or more errors."
    assert words in refused.value.fields["detail"]["codeErrors"][0]["value"]


def test_without_the_extra_the_refusal_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "available", lambda: False)
    with pytest.raises(NotBuilt, match=r"pip install habitr-emulator\[js\]"):
        engine.check("")
    assert "pip install habitr-emulator[js]" in failure("return 1").message


def test_the_dynamodb_module_makes_request_documents() -> None:
    found = run(
        "return ddb.update({key: {id: '1'}, condition: {n: {gt: 1}}, update: {a: 1, b: undefined,"
        " n: ddb.operations.increment(2), l: ddb.operations.append([1]), gone: ddb.operations.remove(),"
        " m: {c: ddb.operations.replace(3)}, i: ddb.operations.updateListItem('z', 2)}})"
    )
    assert found["operation"] == "UpdateItem"
    assert found["key"] == {"id": {"S": "1"}}
    assert found["condition"]["expressionValues"]
    update = found["update"]
    assert update["expression"] == (
        "SET #name_0 = :value_0, #name_1 = if_not_exists(#name_1, :value_1) + :value_2, "
        "#name_2 = list_append(if_not_exists(#name_2, :value_3), :value_4), #name_4.#name_5 = :value_5, "
        "#name_6[2] = :value_6 REMOVE #name_3"
    )
    assert update["expressionNames"]["#name_4"] == "m"
    assert update["expressionValues"][":value_2"] == {"N": 2}
    query = run(
        "return ddb.query({query: {id: {eq: '1'}}, limit: 5, filter: {a: {contains: 'x'}}, projection: ['a']})"
    )
    assert query["query"]["expression"].startswith("#id = :")
    assert query["projection"] == {"expression": "#projection_0", "expressionNames": {"#projection_0": "a"}}
    assert (query["limit"], query["operation"]) == (5, "Query")
    batch = run("return ddb.batchGet({tables: {t: {keys: [{id: '1'}]}}})")
    assert batch == {"operation": "BatchGetItem", "tables": {"t": {"keys": [{"id": {"S": "1"}}]}}}
    write = run("return ddb.transactWrite({items: [{putItem: {table: 't', key: {id: '1'}, item: {a: 2}}}]})")
    assert write["transactItems"][0]["attributeValues"] == {"a": {"N": 2}}


@pytest.fixture
def tricky() -> str:
    return (
        "// import a from 'b'\n/* import c from 'd' */ const s = 'import e from \"f\"'\n"
        "const t = `import g from 'h' ${ {a: `}`}.a } import i from 'j'`, r = /import k from ['\"`]l/\n"
        "const half = 4 / 2 / 1\n"
        'import {\n util as u,\n} from "@aws-appsync/utils"\n'
        "function ask() { return [s.length, t.length, r.test('x'), half, u.authType()] }\n"
        "export { ask as request }\n"
    )


def test_only_real_imports_are_resolved_and_lines_stay(tricky: str) -> None:
    made = linked(tricky)
    assert made.splitlines()[:4] == tricky.splitlines()[:4]
    assert made.splitlines()[7] == tricky.splitlines()[7]
    assert engine.call(JavaScript(tricky, "request"), context())[2:] == [False, 2, "API Key Authorization"]


def test_an_unknown_module_is_refused_with_its_line() -> None:
    with pytest.raises(LinkError) as refused:
        linked("\n\nimport { select } from '@aws-appsync/utils/rds'")
    assert refused.value.line == 3


@pytest.mark.parametrize(
    "code",
    [
        f"import{' ' * 31_000}",
        f"import a{' ' * 31_000}b from '@aws-appsync/utils'",
        "import " * 4_500,
        "=/[" * 10_600,
        "'\\" * 16_000,
        "/*" * 16_000,
    ],
    ids=lambda code: code[:10],
)
def test_code_is_linked_in_time_that_grows_with_its_length(code: str) -> None:
    began = time.process_time()
    with contextlib.suppress(LinkError):
        linked(code)
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize(
    ("statement", "made"),
    [
        ("import '@aws-appsync/utils';", ""),
        ("import u from '@aws-appsync/utils'", "const u = __import('@aws-appsync/utils', []);"),
        ("import * as u from '@aws-appsync/utils'", "const u = __import('@aws-appsync/utils', []);"),
        (
            'import u,{util as v}from"@aws-appsync/utils";',
            "const u = __import('@aws-appsync/utils', []); "
            "const { util: v } = __import('@aws-appsync/utils', ['util']);",
        ),
        ("import from from '@aws-appsync/utils'", "const from = __import('@aws-appsync/utils', []);"),
    ],
)
def test_every_kind_of_import_becomes_constants(statement: str, made: str) -> None:
    assert linked(statement).partition("\n;__export")[0] == made


def test_an_import_that_cannot_be_read_is_refused() -> None:
    for clause in ("afrom", "{util}", "a b from"):
        with pytest.raises(LinkError, match="cannot be read"):
            linked(f"import {clause} '@aws-appsync/utils'")


def test_nothing_of_one_request_is_left_for_the_next() -> None:
    code = (
        f"{UTILS} let seen = []; export function request(ctx) {{ seen.push(ctx.args.id); util.autoId();"
        " try { globalThis.kept = 1 } catch {} return [seen, typeof kept] }"
    )
    for name in ("a", "b"):
        assert engine.call(JavaScript(code, "request"), context(arguments={"id": name})) == [[name], "undefined"]


@pytest.mark.parametrize(
    "change",
    [
        "Array.prototype.push = () => 1",
        "Object.prototype.kept = 1",
        "Object.prototype.toString = () => 1",
        "JSON.parse = () => 1",
        "util.error = () => 1",
        "util.time.nowISO8601 = () => 1",
        "console.log = () => 1",
        "request.call.kept = 1",
        "Object.getPrototypeOf([].values()).next = () => 1",
        "Object.getPrototypeOf(function* () {}).kept = 1",
    ],
)
def test_what_modules_share_cannot_be_changed(change: str) -> None:
    assert "TypeError" in failure(change).message


def test_an_object_may_have_members_named_as_those_of_its_prototype() -> None:
    found = run(
        "const o = {}; o.constructor = 1; o.toString = 2; o.x = 3;"
        " const counts = {}; for (const w of ['valueOf', 'valueOf']) counts[w] = 1;"
        " return [o, counts, `${[1, 2]}`]"
    )
    assert found == [{"constructor": 1, "toString": 2, "x": 3}, {"valueOf": 1}, "1,2"]


def test_memory_that_ends_while_an_exception_is_made_is_told_as_such() -> None:
    error = failure("const m = new Map(); let i = 0; while (true) m.set(i++, {a: i})")
    assert "out of memory" in error.message
    assert run("return 1") == 1
