"""What is compiled before the first request, and what is told of templates that cannot be."""

import logging

import pytest

from habitr_emulator.services.appsync.deploy import compile_all, deploy
from habitr_emulator.services.appsync.spec import AuthMode, Function, GraphqlApi, Resolver, Vtl
from habitr_emulator.services.appsync.vtl.compiler import compiled
from habitr_emulator.services.context import Context

MODES = (AuthMode("API_KEY"),)


def pipeline(text: str) -> Resolver:
    return Resolver("PIPELINE", (Function("f", None, Vtl("{}"), Vtl(text, "Query.a.res.vtl")),), before=Vtl("{}"))


async def test_templates_are_compiled_ahead(ctx: Context) -> None:
    text = "$util.toJson($ctx.result) ## of this test alone"
    await deploy(
        ctx, GraphqlApi("api", "api", "type Query { a: Int }", MODES, resolvers={("Query", "a"): pipeline(text)})
    )
    compile_all(ctx.account)
    before = compiled.cache_info().hits
    compiled(text)
    assert compiled.cache_info().hits == before + 1


async def test_a_template_that_cannot_be_parsed_is_told_at_the_start(
    ctx: Context, caplog: pytest.LogCaptureFixture
) -> None:
    broken = {("Query", "a"): pipeline("#if ($x")}
    await deploy(ctx, GraphqlApi("api", "api", "type Query { a: Int }", MODES, resolvers=broken))
    with caplog.at_level(logging.WARNING):
        compile_all(ctx.account)
    assert "Query.a: the mapping template Query.a.res.vtl cannot be parsed" in caplog.text
