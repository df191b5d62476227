"""Unit and pipeline resolvers: early return, errors, stash, prev, versions, lock-step."""

from collections.abc import Callable
from typing import Any

import pytest

from habitr_emulator.services.appsync.resolvers import Outcome, run, run_local
from habitr_emulator.services.appsync.spec import (
    DataSource,
    EarlyReturn,
    FieldInfo,
    Function,
    GraphqlApi,
    Resolver,
    ResolverContext,
    ResolverError,
    Template,
    Unauthorized,
    Vtl,
)
from habitr_emulator.services.context import Context


class FakeLambda:
    """Stands in for the registry: a function that answers, and what it was asked."""

    def __init__(self, answer: Callable[[Any], Any]) -> None:
        self.answer = answer
        self.asked: list[Any] = []

    async def call(self, service: str, name: str, request: dict[str, Any], _: Context) -> dict[str, Any]:
        import orjson

        assert (service, name, request["FunctionName"]) == ("lambda_", "invoke", "fn")
        self.asked.append(orjson.loads(request["Payload"]))
        found = self.answer(self.asked[-1])
        fault = {"FunctionError": "Unhandled"} if isinstance(found, dict) and "errorMessage" in found else {}
        return {"StatusCode": 200, "Payload": orjson.dumps(found), **fault}


SOURCES = {
    "None": DataSource("None", "NONE"),
    "Fn": DataSource("Fn", "AWS_LAMBDA", {"function_name": "fn"}),
    "Search": DataSource("Search", "RELATIONAL_DATABASE"),
}
API = GraphqlApi("id", "api", "", (), data_sources=SOURCES)


def field(**arguments: Any) -> ResolverContext:
    return ResolverContext(
        arguments=arguments,
        source={"id": "parent"},
        identity=None,
        auth_type="API_KEY",
        info=FieldInfo("f", "Query", {}),
        operation="query",
        now_iso=lambda: "2026-11-21T00:00:00.000Z",
        new_id=lambda: "id",
    )


def unit(request: str, response: str | None, source: str | None = "None") -> Resolver:
    return Resolver(
        "UNIT", (Function("u", source, Vtl(request), Vtl(response) if response is not None else None),)
    )


def pipeline(
    *functions: tuple[str, str], before: str = "{}", after: str = "$util.toJson($ctx.prev.result)"
) -> Resolver:
    made = tuple(Function("f", "None", Vtl(request), Vtl(response)) for request, response in functions)
    return Resolver("PIPELINE", made, Vtl(before), Vtl(after))


async def resolve(resolver: Resolver, ctx: Context, one: ResolverContext | None = None) -> Outcome:
    return (await run(API, resolver, [one or field()], ctx))[0]


RESULT = "$util.toJson($ctx.result)"
ECHO = ('{"payload": $util.toJson($ctx.args)}', RESULT)


async def test_a_unit_resolver_gives_its_response(ctx: Context) -> None:
    assert await resolve(unit(*ECHO), ctx, field(a=1)) == Outcome({"a": 1})


@pytest.mark.parametrize("where", ["request", "response"])
async def test_return_in_a_unit_resolver_is_the_field(ctx: Context, where: str) -> None:
    resolver = (
        unit("#return([1])", "$never.json")
        if where == "request"
        else unit('{"payload": 2}', "#return({'r': $ctx.result})")
    )
    assert (await resolve(resolver, ctx)).value == ([1] if where == "request" else {"r": 2})


async def test_return_in_a_function_skips_its_response_and_goes_on(ctx: Context) -> None:
    ctx_field = field()
    resolver = pipeline(
        ("$util.qr($ctx.stash.put('seen', 1))#return({'v': 1})", "$util.error('not reached')"),
        ('{"payload": {"prev": $util.toJson($ctx.prev.result), "seen": $ctx.stash.seen}}', RESULT),
    )
    assert await resolve(resolver, ctx, ctx_field) == Outcome({"prev": {"v": 1}, "seen": 1})


async def test_a_bare_return_makes_the_previous_result_null(ctx: Context) -> None:
    second = ("#if($util.isNull($ctx.prev.result))\n#return\n#end\n{}", "{}")
    assert await resolve(pipeline(("#return", "{}"), second), ctx) == Outcome(None)


async def test_return_before_the_functions_is_the_field(ctx: Context) -> None:
    assert await resolve(pipeline(ECHO, before="#return('x')", after="$util.error('no')"), ctx) == Outcome("x")


async def test_returned_json_text_is_its_value(ctx: Context) -> None:
    assert await resolve(unit("#return($util.toJson({'a': [1]}))", "{}"), ctx) == Outcome({"a": [1]})
    assert await resolve(unit("#return('5')", "{}"), ctx) == Outcome("5")


async def test_after_sees_the_last_result_twice(ctx: Context) -> None:
    after = "[$util.toJson($ctx.result), $util.toJson($ctx.prev.result)]"
    assert await resolve(pipeline(ECHO, after=after), ctx, field(a=1)) == Outcome([{"a": 1}, {"a": 1}])


async def test_an_error_anywhere_ends_the_pipeline(ctx: Context) -> None:
    outcome = await resolve(pipeline(("$util.error('stop', 'T', {'d': 1})", "{}"), ECHO, after='"after"'), ctx)
    assert outcome.value is None
    assert outcome.error is not None
    assert (outcome.error.message, outcome.error.error_type, outcome.error.data) == ("stop", "T", {"d": 1})


async def test_unauthorized_reaches_the_executor_as_itself(ctx: Context) -> None:
    assert isinstance((await resolve(pipeline(ECHO, before="$util.unauthorized()"), ctx)).error, Unauthorized)


async def test_appended_errors_stay_in_the_context(ctx: Context) -> None:
    one = field()
    assert await resolve(unit('$util.appendError("m"){"payload": 1}', RESULT), ctx, one) == Outcome(1)
    assert [error.message for error in one.errors] == ["m"]


@pytest.mark.parametrize(
    ("request_template", "response", "message"),
    [
        ("", "{}", "Template transformation yielded an empty response."),
        ("{]", "{}", "Unable to parse the JSON document"),
        ("[1]", "{}", "Expected JSON object but got ARRAY instead."),
        ("{}", "  ", "Template transformation yielded an empty response."),
        ("{}", "{broken", "Unable to parse the JSON document"),
        ("#if(", "{}", "Unable to transform for the reason"),
    ],
)
async def test_a_bad_template_is_a_mapping_template_error(
    ctx: Context, request_template: str, response: str, message: str
) -> None:
    error = (await resolve(unit(request_template, response), ctx)).error
    assert error is not None
    assert error.error_type == "MappingTemplate"
    assert message in error.message


async def test_eleven_functions_are_too_many(ctx: Context) -> None:
    error = (await resolve(pipeline(*[ECHO] * 11), ctx)).error
    assert error is not None
    assert "11" in (error.why or "")


async def test_an_unknown_or_unbuilt_data_source_is_an_error(ctx: Context) -> None:
    for source, text in (
        ("Nowhere", "No data source found named Nowhere"),
        ("Search", "RELATIONAL_DATABASE is not built"),
    ):
        error = (await resolve(unit("{}", "{}", source), ctx)).error
        assert error is not None
        assert text in error.message


def failing(_: Any) -> Any:
    return {"errorMessage": "boom", "errorType": "ValueError"}


INVOKE = '{"version": "%s", "operation": "Invoke", "payload": $util.toJson($ctx.args)}'


async def test_the_new_version_lets_the_response_handle_an_error(ctx: Context) -> None:
    ctx.account.registry = FakeLambda(failing)  # type: ignore[assignment]
    seen = "[$util.toJson($ctx.error), $util.toJson($ctx.result)]"
    outcome = await resolve(unit(INVOKE % "2018-05-29", seen, "Fn"), ctx)
    assert outcome == Outcome([{"message": "boom", "type": "Lambda:Unhandled"}, None])


async def test_the_old_version_stops_at_an_error_and_skips_the_response_of_null(ctx: Context) -> None:
    ctx.account.registry = FakeLambda(failing)  # type: ignore[assignment]
    outcome = await resolve(unit(INVOKE % "2017-02-28", '"never"', "Fn"), ctx)
    assert outcome.error is not None
    assert outcome.error.error_type == "Lambda:Unhandled"
    ctx.account.registry = FakeLambda(lambda _: None)  # type: ignore[assignment]
    assert await resolve(unit(INVOKE % "2017-02-28", '"never"', "Fn"), ctx) == Outcome(None)
    assert await resolve(unit(INVOKE % "2018-05-29", '"run"', "Fn"), ctx) == Outcome("run")


async def test_a_batch_is_one_invocation_for_all_instances(ctx: Context) -> None:
    fake = FakeLambda(
        lambda payload: [
            {"data": each["n"] * 2} if each["n"] else {"data": None, "errorMessage": "zero"} for each in payload
        ]
    )
    ctx.account.registry = fake  # type: ignore[assignment]
    batch = unit('{"operation": "BatchInvoke", "payload": $util.toJson($ctx.args)}', RESULT, "Fn")
    outcomes = await run(API, batch, [field(n=1), field(n=0), field(n=3)], ctx)
    assert fake.asked == [[{"n": 1}, {"n": 0}, {"n": 3}]]
    assert [outcome.value for outcome in outcomes] == [2, None, 6]


@pytest.mark.parametrize(("size", "sizes"), [(0, [5, 5, 2]), (3, [3, 3, 3, 3]), (2000, [12])])
async def test_batches_are_as_large_as_they_may_be_five_unless_said(
    ctx: Context, size: int, sizes: list[int]
) -> None:
    fake = FakeLambda(lambda payload: [{"data": each} for each in payload])
    ctx.account.registry = fake  # type: ignore[assignment]
    request = Vtl('{"operation": "BatchInvoke", "payload": $ctx.args.n}')
    batch = Resolver("UNIT", (Function("b", "Fn", request, Vtl(RESULT), size),))
    outcomes = await run(API, batch, [field(n=number) for number in range(12)], ctx)
    assert [outcome.value for outcome in outcomes] == list(range(12))
    assert [len(asked) for asked in fake.asked] == sizes


async def test_a_batch_of_the_wrong_length_fails_every_instance(ctx: Context) -> None:
    ctx.account.registry = FakeLambda(lambda _: [1])  # type: ignore[assignment]
    batch = Function("b", "Fn", lambda c: {"operation": "BatchInvoke", "payload": 1})
    outcomes = await run(API, Resolver("UNIT", (batch,)), [field(), field()], ctx)
    assert all(outcome.error is not None for outcome in outcomes)


async def test_a_direct_resolver_sends_the_whole_context(ctx: Context) -> None:
    fake = FakeLambda(lambda event: event["arguments"])
    ctx.account.registry = fake  # type: ignore[assignment]
    outcome = await resolve(Resolver("UNIT", (Function("d", "Fn", None),)), ctx, field(a=1))
    assert outcome == Outcome({"a": 1})
    assert set(fake.asked[0]) == {"arguments", "identity", "source", "request", "prev", "info", "stash"}
    assert fake.asked[0]["info"]["fieldName"] == "f"


async def test_an_error_without_response_template_is_the_fields(ctx: Context) -> None:
    ctx.account.registry = FakeLambda(failing)  # type: ignore[assignment]
    error = (await resolve(Resolver("UNIT", (Function("d", "Fn", None),)), ctx)).error
    assert error is not None
    assert (error.message, error.error_type) == ("boom", "Lambda:Unhandled")


def early(_: ResolverContext) -> Any:
    raise EarlyReturn({"early": True})


def refuse(_: ResolverContext) -> Any:
    raise ResolverError("no", "T")


def native(*templates: tuple[Template, Template | None], before: Template | None = None) -> Resolver:
    functions = tuple(Function("n", None, request, response) for request, response in templates)
    return Resolver("PIPELINE", functions, before)


def test_native_functions_run_without_a_loop() -> None:
    resolver = native(
        (lambda c: c.arguments["a"], lambda c: c.result + 1), (lambda c: c.prev_result, lambda c: c.result * 2)
    )
    assert run_local(resolver, field(a=1)) == Outcome(4)
    assert run_local(native((early, None)), field()) == Outcome({"early": True})
    assert run_local(native((lambda c: {}, None), before=early), field()) == Outcome({"early": True})
    refused = run_local(native((refuse, None)), field())
    assert refused.error is not None
    assert refused.error.message == "no"


async def test_native_and_vtl_mix_in_one_pipeline(ctx: Context) -> None:
    functions = (
        Function(
            "vtl", "None", Vtl('{"payload": {"n": $ctx.args.n}}'), Vtl("$util.qr($ctx.stash.put('s', 1))" + RESULT)
        ),
        Function("native", None, lambda c: {**c.prev_result, "s": c.stash["s"]}),
        Function("local", None, Vtl('{"payload": $util.toJson($ctx.prev.result.s)}'), None),
    )
    outcomes = await run(API, Resolver("PIPELINE", functions), [field(n=1), field(n=2)], ctx)
    assert outcomes == [Outcome(1), Outcome(1)]
