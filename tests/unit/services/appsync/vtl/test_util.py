"""``$util``, ``$extensions`` and ``$ctx`` as templates see them."""

import json
from typing import Any

import pytest

from habitr_emulator.services.appsync.spec import EarlyReturn, ResolverContext, ResolverError, Unauthorized
from habitr_emulator.services.appsync.vtl import java_regex
from habitr_emulator.services.appsync.vtl.render import context_of, evaluate, render

NOW = "2026-11-21T19:02:03.456Z"


def context(**shown: Any) -> ResolverContext:
    ids = iter(f"id-{number}" for number in range(100))
    return context_of(shown, lambda: NOW, lambda: next(ids))


def out(template: str, ctx: ResolverContext | None = None) -> str:
    return render(template, ctx or context())


def value(expression: str) -> Any:
    return json.loads(out(f"$util.toJson({expression})"))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("$util.defaultIfNull($nope, 3)", 3),
        ("$util.defaultIfNullOrEmpty([], 'd')", "d"),
        ("$util.defaultIfNullOrBlank('  ', 'd')", "d"),
        ("$util.isNullOrEmpty({})", True),
        ("$util.isNullOrBlank('x')", False),
        ("$util.isNumber(true)", False),
        (
            "[$util.typeOf($nope), $util.typeOf(1), $util.typeOf({}), $util.typeOf(true)]",
            ["Null", "Number", "Map", "Boolean"],
        ),
        ("$util.matches('b+', 'abbc')", True),
        ("$util.urlEncode('a b&c/é')", "a+b%26c%2F%C3%A9"),
        ("$util.urlDecode('a+b%26c')", "a b&c"),
        ("$util.base64Decode($util.base64Encode('héllo'))", "héllo"),
        ('$util.escapeJavaScript("it\'s é")', "it\\'s \\u00E9"),
        ("$util.isNull($util.parseJson('{'))", True),
        ("$util.isList($util.parseJson('alice'))", False),
        ("$util.parseJson('{\"a\": [1, 2.5, null]}')", {"a": [1, 2.5, None]}),
        ("$util.parseJson('{\"n\": 12345678901234567890123}').n", 12345678901234567890123),
        ("$util.list.copyAndRemoveAll([1, 2, 'a'], [2, 'b'])", [1, "a"]),
        ("$util.list.copyAndRetainAll(['a', 'b', 'c'], ['c', 'a'])", ["a", "c"]),
        ("$util.list.sortList([{'n': 2}, {'n': 1}, {'n': 3}], true, 'n')", [{"n": 3}, {"n": 2}, {"n": 1}]),
        ("$util.list.sortList(['b', 'a'], false, 'any')", ["a", "b"]),
        ("$util.map.copyAndRemoveAllKeys({'a': 1, 'b': 2}, ['a'])", {"b": 2}),
        ("$util.map.copyAndRetainAllKeys({'a': 1, 'b': 2}, ['a'])", {"a": 1}),
        ("[$util.math.roundNum(2.5), $util.math.minVal(1, 2), $util.math.maxVal(1, 2)]", [3, 1, 2]),
        ("$util.str.toReplace($util.str.toUpper('abc'), 'B', '-')", "A-C"),
        ("$util.str.normalize('é', 'nfd').length()", 2),
        ("$util.http.copyHeaders({'a': '1', 'Host': 'x'})", {"a": "1"}),
        ("$util.xml.toMap('<a x=\"1\"><b>t</b><b>2</b></a>')", {"a": {"x": 1, "b": ["t", 2]}}),
        ("$util.authType()", "API Key Authorization"),
    ],
)
def test_a_function_gives(expression: str, expected: Any) -> None:
    assert value(expression) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (
            "toDynamoDB({'a': [1, 'x', true, $nope]})",
            {"M": {"a": {"L": [{"N": 1}, {"S": "x"}, {"BOOL": True}, {"NULL": None}]}}},
        ),
        ("toStringSet(['a', 'b'])", {"SS": ["a", "b"]}),
        ("toNumber(5)", {"N": 5}),
        ("toMapValues({'a': 1})", {"a": {"N": 1}}),
        ("toBinary('YQ==')", {"B": "YQ=="}),
        ("toNull()", {"NULL": None}),
        ("toS3Object('k', 'b', 'r')", {"S": '{"s3":{"key":"k","bucket":"b","region":"r"}}'}),
    ],
)
def test_a_value_is_typed_for_dynamodb_as_object_and_as_text(expression: str, expected: Any) -> None:
    assert value(f"$util.dynamodb.{expression}") == expected
    name, _, arguments = expression.partition("(")
    assert json.loads(out(f"$util.dynamodb.{name}Json({arguments}")) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("nowISO8601()", NOW),
        ("nowEpochMilliSeconds()", "1795287723456"),
        ("nowEpochSeconds()", "1795287723"),
        ("nowFormatted(\"EEE, d MMM yyyy h:mm a Z\", 'Australia/Perth')", "Sun, 22 Nov 2026 3:02 AM +0800"),
        ("nowFormatted(\"yyyy-MM-dd'T'HH:mm:ss.SSSXXX\", '+02:00')", "2026-11-21T21:02:03.456+02:00"),
        ("parseISO8601ToEpochMilliSeconds('2018-02-01T17:21:05.180+08:00')", "1517476865180"),
        ("parseFormattedToEpochMilliSeconds('2018-02-01 01:19:15+0800', 'yyyy-MM-dd HH:mm:ssZ')", "1517419155000"),
        ("parseFormattedToEpochMilliSeconds('3 Mar 2020', 'd MMM yyyy', 'UTC')", "1583193600000"),
        ("epochMilliSecondsToSeconds(1517943695750)", "1517943695"),
        ("epochMilliSecondsToISO8601(1517943695750)", "2018-02-06T19:01:35.750Z"),
        ("epochMilliSecondsToFormatted(1517943695750, 'yyyyMMddHHmmss', 'America/New_York')", "20180206140135"),
    ],
)
def test_time_is_the_resolvers_own(expression: str, expected: str) -> None:
    assert out(f"$util.time.{expression}") == expected


def test_ids_come_from_the_context_and_sort_by_time() -> None:
    assert out("$util.autoId()") == "id-0"
    ulid, ksuid = out("$util.autoUlid() $util.autoKsuid()").split()
    assert (len(ulid), len(ksuid)) == (26, 27)
    later = context_of({}, lambda: "2027-11-21T19:02:03.456Z", lambda: "x")
    assert render("$util.autoUlid()", later) > ulid
    assert render("$util.autoKsuid()", later) > ksuid
    assert 5 <= int(out("$util.math.randomWithinRange(5, 8)")) < 8


def test_error_ends_the_template_with_its_four_parts() -> None:
    with pytest.raises(ResolverError) as error:
        out("$util.error('no', 'Type', {'id': 1}, {'more': true})")
    found = error.value
    assert (found.message, found.error_type, found.data, found.error_info) == (
        "no",
        "Type",
        {"id": 1},
        {"more": True},
    )


def test_unauthorized_and_validate_refuse() -> None:
    with pytest.raises(Unauthorized):
        out("#if(true)$util.unauthorized()#end")
    with pytest.raises(ResolverError, match="bad") as error:
        out("$util.validate(true, 'fine')$util.validate(1 == 2, 'bad')")
    assert error.value.error_type == "CustomTemplateException"


def test_an_appended_error_lets_the_template_go_on() -> None:
    ctx = context()
    assert out("a$util.appendError('m', 'T')b$ctx.outErrors.size()", ctx) == "ab0"
    assert [(error.message, error.error_type) for error in ctx.errors] == [("m", "T")]
    assert out("$ctx.outErrors", ctx) == "[{message=m, type=T}]"


def test_arguments_and_stash_keep_what_a_template_changed() -> None:
    ctx = context(args={"input": {"a": 1}})
    out("#set($ctx.args.input.b = 2)$util.qr($ctx.stash.put('k', $context.arguments.input.b))", ctx)
    out("#set($ctx.args.c = 3)", ctx)
    assert ctx.arguments == {"input": {"a": 1, "b": 2}, "c": 3}
    assert ctx.stash == {"k": 2}


def test_the_context_prints_whole_and_once() -> None:
    ctx = context(args={"a": 1}, identity={"username": "u"}, info={"fieldName": "f", "selectionSetList": ["id"]})
    shown = json.loads(out("$util.toJson($ctx)", ctx))
    assert (shown["arguments"], shown["identity"], shown["info"]["selectionSetList"]) == (
        {"a": 1},
        {"username": "u"},
        ["id"],
    )
    assert "args" not in shown
    assert out("$ctx.args.a $ctx.get('args').a $ctx.identity.username", ctx) == "1 1 u"


def test_extensions_set_filters_and_limit_invalidations() -> None:
    ctx = context(args={"filter": {"ups": {"gt": 1}}})
    out("$extensions.setSubscriptionFilter($util.transform.toSubscriptionFilter($ctx.args.filter))", ctx)
    out("$extensions.setSubscriptionInvalidationFilter({'filterGroup': []})", ctx)
    assert ctx.subscription_filter == {
        "filterGroup": [{"filters": [{"fieldName": "ups", "operator": "gt", "value": 1}]}]
    }
    assert ctx.invalidation_filter == {"filterGroup": []}
    with pytest.raises(ResolverError):
        out("#foreach($i in [1..6])$extensions.invalidateSubscriptions({'payload': {}})#end", ctx)
    assert len(ctx.invalidations) == 5


def test_response_headers_are_kept_and_reserved_ones_refused() -> None:
    ctx = context()
    out("$util.http.addResponseHeader('x-mine', 'v')$util.http.addResponseHeaders({'x-two': 2})", ctx)
    assert ctx.response_headers == {"x-mine": "v", "x-two": "2"}
    for name in ("x-amzn-requestid", "Content-Length", "a\\nb: c"):
        with pytest.raises(ResolverError):
            out(f'$util.http.addResponseHeader("{name}", "x")'.replace("\\n", "\n"), ctx)


def test_transformations_give_text_of_json() -> None:
    made = json.loads(out("$util.transform.toDynamoDBFilterExpression({'title': {'contains': 'Hello'}})"))
    assert made == {
        "expression": "contains(#title, :title_contains)",
        "expressionNames": {"#title": "title"},
        "expressionValues": {":title_contains": {"S": "Hello"}},
    }
    dsl = "{'upvotes': {'ne': 15, 'range': [10, 20]}, 'title': {'eq': 'hihihi', 'wildcard': 'h*i'}}"
    upvotes = [{"bool": {"must_not": {"term": {"upvotes": 15}}}}, {"range": {"upvotes": {"gte": 10, "lte": 20}}}]
    title = [{"term": {"title": "hihihi"}}, {"wildcard": {"title": "h*i"}}]
    assert json.loads(out(f"$util.transform.toElasticsearchQueryDSL({dsl})")) == {
        "bool": {"must": [{"bool": {"must": upvotes}}, {"bool": {"must": title}}]}
    }


def test_rows_of_the_data_api_become_objects() -> None:
    answer = {
        "sqlStatementResults": [
            {
                "resultFrame": {
                    "resultSetMetadata": {"columnMetadata": [{"label": "id"}, {"label": "n"}]},
                    "records": [{"values": [{"stringValue": "a"}, {"isNull": True}]}],
                }
            }
        ]
    }
    ctx = context(result=json.dumps(answer))
    assert json.loads(out("$util.rds.toJsonString($ctx.result)", ctx)) == [[{"id": "a", "n": None}]]


@pytest.mark.parametrize(
    "template",
    [
        "$util.xml.toMap('<!DOCTYPE a [<!ENTITY e \"x\">]><a>&e;</a>')",
        "$util.time.nowFormatted('QQ')",
        "$util.time.nowFormatted('yyyy', 'Nowhere/Land')",
        "$util.matches('(', 'x')",
        "$util.str.normalize('a', 'nope')",
        "$util.list.sortList([1, 'a'], false, 'x')",
        "$util.time.epochMilliSecondsToISO8601(99999999999999999999)",
    ],
)
def test_a_function_that_fails_is_a_mapping_template_error(template: str) -> None:
    with pytest.raises(ResolverError, match="Unable to transform for the reason") as error:
        out(template)
    assert error.value.error_type == "MappingTemplate"


def test_an_unknown_function_or_misfit_arguments_are_null() -> None:
    assert out("[$!util.nosuch()][$!util.urlEncode(5)][$!util.parseJson()][$!util.nospace.x()]") == "[][][][]"


def test_evaluate_gives_the_text_the_return_or_the_error() -> None:
    def run(template: str) -> dict[str, Any]:
        return evaluate(template, {"args": {"a": 1}}, lambda: NOW, lambda: "id")

    assert run("$util.qr($ctx.stash.put('k', 1))$ctx.args.a") == {
        "evaluationResult": "1",
        "stash": {"k": 1},
        "outErrors": [],
    }
    assert run("#return($ctx.args)")["returned"] == {"a": 1}
    assert run("$util.error('m', 'T')")["error"] == {"message": "m", "type": "T", "data": None, "info": None}


def test_return_is_not_an_error_of_the_template() -> None:
    with pytest.raises(EarlyReturn):
        out("#return")


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("$util.matches('(a|aa)+$', $text)", "took more than"),
        ("$text.matches('(a|aa)+')", "took more than"),
        ("$text.replaceAll('(a|aa)+$', '')", "took more than"),
        ("$text.split('(a|aa)+$')", "took more than"),
        ("$util.matches('((a{1000}){1000}){1000}', 'a')", "more than 20000 repetitions"),
        ("$util.matches('(?x)#[ \n(?:(?:a{1000}){1000}){1000}#]', 'a')", "more than 20000 repetitions"),
    ],
)
def test_a_regular_expression_cannot_hold_up_the_program(template: str, reason: str) -> None:
    with pytest.raises(ResolverError, match=reason) as error:
        out(f"#set($text = '{'a' * 60}b'){template}")
    assert error.value.error_type == "MappingTemplate"
    assert out("$util.matches('^(a+)+$', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!')") == "false"


def test_a_regular_expression_may_repeat_much_beside_itself() -> None:
    assert out(r"$util.matches('^(\d{4}[ -]?){4}$|^[A-F\d]{5000}$|^x{5000}$', '1234 5678-90123456')") == "true"


def test_a_pattern_that_cannot_be_judged_lets_nothing_in() -> None:
    assert java_regex.agrees("a+", "aa", whole=True)
    assert java_regex.agrees("a", "bab", whole=False)
    assert not java_regex.agrees("(a|aa)+", "a" * 60 + "b", whole=True)
    assert not java_regex.agrees("(", "(", whole=False)
