"""GraphQL APIs that calls make: boto3 builds them, clients ask them, a restart keeps them."""

import asyncio
import io
import json
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import aiohttp
import pytest

from tests.journeys.conftest import Running

SDL = b"""
schema { query: Query mutation: Mutation subscription: Subscription }
type Query { note(id: ID!): Note notes: [Note!] echo(text: String): String sum(a: Int!, b: Int!): Int env: String }
type Mutation { put(id: ID!, text: String!): Note @aws_api_key }
type Subscription { onPut(id: ID): Note @aws_subscribe(mutations: ["put"]) }
type Note { id: ID! text: String author: String }
"""
GET = '{"version":"2018-05-29","operation":"GetItem","key":{"id":$util.dynamodb.toDynamoDBJson($ctx.args.id)}}'
RESULT = "$util.toJson($ctx.result)"
PUT = """
import { util } from '@aws-appsync/utils'
import { put } from '@aws-appsync/utils/dynamodb'
export function request(ctx) {
  const { id, ...item } = ctx.args
  const condition = { id: { attributeExists: false } }
  return put({ key: { id }, item: { ...item, author: ctx.env.AUTHOR }, condition })
}
export function response(ctx) {
  if (ctx.error) util.error(`Not twice: ${ctx.args.id}`, 'Taken', ctx.result)
  return ctx.result
}
"""
SUM = """
export function request(ctx) { return { payload: ctx.args.a + ctx.args.b } }
export function response(ctx) { ctx.stash.seen = true; return ctx.result }
"""
FUNCTION = """
def handler(event, context):
    if isinstance(event, list):
        return [{"data": f"{len(event)}:{one['source']['id']}"} for one in event]
    return event["arguments"]["text"][::-1]
"""


def zipped(code: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.py", code)
    return packed.getvalue()


def ask(url: str, query: str, key: str, **variables: Any) -> Any:
    body = json.dumps({"query": query, "variables": variables}).encode()
    request = urllib.request.Request(url, body, {"x-api-key": key, "content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


class Api:
    """A notes API, made call by call."""

    def __init__(self, emulator: Running) -> None:
        self.emulator = emulator
        self.client = client = emulator.client("appsync")
        made = client.create_graphql_api(name="notes", authenticationType="API_KEY", tags={"team": "habitr"})
        self.id = made["graphqlApi"]["apiId"]
        self.url = made["graphqlApi"]["uris"]["GRAPHQL"]
        self.key = client.create_api_key(apiId=self.id)["apiKey"]["id"]
        assert client.start_schema_creation(apiId=self.id, definition=SDL)["status"] == "PROCESSING"
        assert client.get_schema_creation_status(apiId=self.id)["status"] == "SUCCESS"
        table = f"notes-{self.id}"
        emulator.client("dynamodb").create_table(
            TableName=table,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        self.source("Notes", "AMAZON_DYNAMODB", dynamodbConfig={"tableName": table, "awsRegion": "us-east-1"})
        self.source("None", "NONE")

    def source(self, name: str, kind: str, **more: Any) -> None:
        self.client.create_data_source(apiId=self.id, name=name, type=kind, **more)

    def resolver(self, type_name: str, field: str, **more: Any) -> Any:
        made = self.client.create_resolver(apiId=self.id, typeName=type_name, fieldName=field, **more)
        return made["resolver"]

    def ask(self, query: str, **variables: Any) -> Any:
        return ask(self.url, query, self.key, **variables)


JS = {"name": "APPSYNC_JS", "runtimeVersion": "1.0.0"}


@pytest.fixture
def api(emulator: Running) -> Iterator[Api]:
    made = Api(emulator)
    yield made
    made.client.delete_graphql_api(apiId=made.id)


def test_unit_resolvers_in_both_languages_work_at_the_address_of_the_api(api: Api) -> None:
    api.resolver(
        "Query", "note", dataSourceName="Notes", requestMappingTemplate=GET, responseMappingTemplate=RESULT
    )
    api.resolver("Mutation", "put", dataSourceName="Notes", runtime=JS, code=PUT)
    api.client.put_graphql_api_environment_variables(apiId=api.id, environmentVariables={"AUTHOR": "alice"})
    made = api.ask('mutation { put(id: "1", text: "hello") { id text author } }')
    assert made == {"data": {"put": {"id": "1", "text": "hello", "author": "alice"}}}
    assert api.ask("query Q($id: ID!) { note(id: $id) { text } }", id="1") == {"data": {"note": {"text": "hello"}}}
    again = api.ask('mutation { put(id: "1", text: "other") { id text } }')
    assert again["data"] == {"put": None}
    (error,) = again["errors"]
    assert (error["errorType"], error["message"]) == ("Taken", "Not twice: 1")
    assert error["data"] == {"id": "1", "text": "hello"}


def test_a_pipeline_mixes_templates_and_code(api: Api) -> None:
    create = api.client.create_function
    add = create(apiId=api.id, name="add", dataSourceName="None", runtime=JS, code=SUM)["functionConfiguration"]
    double = create(
        apiId=api.id,
        name="double",
        dataSourceName="None",
        functionVersion="2018-05-29",
        requestMappingTemplate='#set($twice = $ctx.prev.result * 2){"payload": $twice}',
        responseMappingTemplate="#if(!$ctx.stash.seen)$util.error('no stash')#{end}$util.toJson($ctx.result)",
    )["functionConfiguration"]
    api.resolver(
        "Query",
        "sum",
        kind="PIPELINE",
        pipelineConfig={"functions": [add["functionId"], double["functionId"]]},
        requestMappingTemplate="{}",
        responseMappingTemplate=RESULT,
    )
    assert api.ask("{ sum(a: 2, b: 3) }") == {"data": {"sum": 10}}
    users = api.client.list_resolvers_by_function(apiId=api.id, functionId=add["functionId"])["resolvers"]
    assert [user["fieldName"] for user in users] == ["sum"]
    with pytest.raises(api.client.exceptions.BadRequestException):
        api.client.delete_function(apiId=api.id, functionId=add["functionId"])


def test_direct_lambda_resolvers_batch_as_large_as_they_may(api: Api) -> None:
    function = api.emulator.client("lambda")
    role = "arn:aws:iam::000000000000:role/any"
    arn = function.create_function(
        FunctionName=f"fn-{api.id}",
        Runtime="python3.11",
        Handler="index.handler",
        Role=role,
        Code={"ZipFile": zipped(FUNCTION)},
    )["FunctionArn"]
    api.source("Function", "AWS_LAMBDA", lambdaConfig={"lambdaFunctionArn": arn})
    api.resolver("Query", "echo", dataSourceName="Function")
    assert api.ask('{ echo(text: "abc") }') == {"data": {"echo": "cba"}}
    notes = json.dumps([{"id": str(number)} for number in range(7)])
    api.resolver(
        "Query",
        "notes",
        dataSourceName="None",
        requestMappingTemplate=json.dumps({"payload": json.loads(notes)}),
        responseMappingTemplate=RESULT,
    )
    api.resolver("Note", "author", dataSourceName="Function", maxBatchSize=4)
    found = api.ask("{ notes { author } }")["data"]["notes"]
    assert [note["author"] for note in found] == ["4:0", "4:1", "4:2", "4:3", "3:4", "3:5", "3:6"]


def test_api_keys_expire_by_the_clock_and_come_back(api: Api) -> None:
    exceptions = api.client.exceptions
    for days, words in ((0, "minimum of 1 days"), (366, "maximum of 365 days")):
        now = int(api.emulator.get("/_habitr/clock")["now"])
        with pytest.raises(exceptions.ApiKeyValidityOutOfBoundsException, match=words):
            api.client.create_api_key(apiId=api.id, expires=now + days * 86400 + 60)
    (key,) = api.client.list_api_keys(apiId=api.id)["apiKeys"]
    assert key["expires"] % 3600 == 0
    assert key["deletes"] - key["expires"] == 60 * 86400


def test_what_is_not_there_is_told_in_awss_words(api: Api) -> None:
    client, not_found = api.client, api.client.exceptions.NotFoundException
    with pytest.raises(not_found, match="GraphQL API nope not found"):
        client.get_graphql_api(apiId="nope")
    with pytest.raises(not_found, match="No resolver found"):
        client.get_resolver(apiId=api.id, typeName="Query", fieldName="note")
    with pytest.raises(not_found, match="No field named gone found on type Query"):
        api.resolver("Query", "gone", dataSourceName="None")
    with pytest.raises(not_found, match="No data source found named Gone"):
        api.resolver("Query", "note", dataSourceName="Gone")
    with pytest.raises(client.exceptions.BadRequestException, match="Data source with name None already exists"):
        api.source("None", "NONE")
    api.resolver(
        "Query", "env", dataSourceName="None", requestMappingTemplate="{}", responseMappingTemplate=RESULT
    )
    with pytest.raises(client.exceptions.BadRequestException, match="Only one resolver is allowed per field"):
        api.resolver("Query", "env", dataSourceName="None", requestMappingTemplate="{}")
    with pytest.raises(client.exceptions.BadRequestException, match="one or more errors") as refused:
        api.resolver("Query", "sum", dataSourceName="None", runtime=JS, code="export function request(")
    (problem,) = refused.value.response["detail"]["codeErrors"]
    assert problem["errorType"] == "PARSER_ERROR"


def test_a_bad_schema_fails_and_leaves_the_old_one(api: Api) -> None:
    api.client.start_schema_creation(apiId=api.id, definition=b"type Query {")
    told = api.client.get_schema_creation_status(apiId=api.id)
    assert told["status"] == "FAILED"
    assert "SDL-formatted" in told["details"]
    kept = api.client.get_introspection_schema(apiId=api.id, format="SDL")["schema"].read()
    assert kept == SDL


def test_types_are_edited_one_by_one(api: Api) -> None:
    client = api.client
    client.create_type(apiId=api.id, format="SDL", definition="type Extra { note: Note }")
    shown = client.get_type(apiId=api.id, typeName="Extra", format="JSON")["type"]["definition"]
    assert json.loads(shown)["fields"][0]["name"] == "note"
    client.update_type(
        apiId=api.id, typeName="Extra", format="JSON", definition=shown.replace('"note"', '"other"')
    )
    assert "other: Note" in client.get_type(apiId=api.id, typeName="Extra", format="SDL")["type"]["definition"]
    with pytest.raises(client.exceptions.BadRequestException):
        client.delete_type(apiId=api.id, typeName="Note")
    client.delete_type(apiId=api.id, typeName="Extra")
    names = [one["name"] for one in client.list_types(apiId=api.id, format="SDL")["types"]]
    assert names == ["Query", "Mutation", "Subscription", "Note"]


def test_templates_and_code_are_evaluated(emulator: Running) -> None:
    client = emulator.client("appsync")
    context = json.dumps({"arguments": {"id": "7"}, "stash": {"a": 1}})
    template = '$util.qr($ctx.stash.put("b", 2))$util.log.info("seen"){"id": $util.toJson($ctx.args.id)}'
    told = client.evaluate_mapping_template(template=template, context=context)
    assert json.loads(told["evaluationResult"]) == {"id": "7"}
    assert json.loads(told["stash"]) == {"a": 1, "b": 2}
    assert told["logs"] == ["seen"]
    failed = client.evaluate_mapping_template(template='$util.error("no")', context=context)
    assert failed["error"]["message"] == "no"
    told = client.evaluate_code(runtime=JS, code=SUM, function="request", context='{"arguments":{"a":1,"b":2}}')
    assert json.loads(told["evaluationResult"]) == {"payload": 3}
    broken = client.evaluate_code(runtime=JS, code="export function request() {\n null.x }", context="{}")
    assert broken["error"]["codeErrors"][0]["location"]["line"] == 2


def test_an_api_survives_a_restart_and_a_reset_removes_it(start_emulator: Callable[..., Running]) -> None:
    first = start_emulator("--port", "0", "--data-dir", "state")
    made = Api(first)
    made.resolver("Query", "sum", dataSourceName="None", runtime=JS, code=SUM)
    first.process.kill()
    first.process.wait(30)
    second = start_emulator("--port", "0", "--data-dir", "state")
    url = second.client("appsync").get_graphql_api(apiId=made.id)["graphqlApi"]["uris"]["GRAPHQL"]
    assert ask(url, "{ sum(a: 1, b: 1) }", made.key) == {"data": {"sum": 2}}
    urllib.request.urlopen(
        urllib.request.Request(f"{second.endpoint}/_habitr/reset", b"", method="POST"), timeout=30
    )
    with pytest.raises(Exception, match="not found"):
        second.client("appsync").get_graphql_api(apiId=made.id)


def test_the_projects_own_api_takes_calls_too(emulator: Running) -> None:
    client, id_ = emulator.client("appsync"), emulator.config["graphql_api_id"]
    key = client.create_api_key(apiId=id_, description="mine")["apiKey"]["id"]
    answer = ask(f"{emulator.endpoint}/graphql", "{ __typename }", key)
    assert answer == {"data": {"__typename": "Query"}}
    client.delete_api_key(apiId=id_, id=key)
    with pytest.raises(urllib.error.HTTPError, match="401"):
        ask(f"{emulator.endpoint}/graphql", "{ __typename }", key)


def test_the_trace_of_a_request_tells_each_function_and_hides_secrets(api: Api) -> None:
    ids = []
    for name, template in (
        ("first", '$util.qr($ctx.stash.put("password", "hunter2")){"payload": {"n": 1}}'),
        ("second", "#return(5)"),
    ):
        made = api.client.create_function(
            apiId=api.id,
            name=name,
            dataSourceName="None",
            requestMappingTemplate=template,
            responseMappingTemplate=RESULT,
        )
        ids.append(made["functionConfiguration"]["functionId"])
    pipeline = {"functions": ids}
    api.resolver(
        "Query",
        "sum",
        kind="PIPELINE",
        pipelineConfig=pipeline,
        requestMappingTemplate="{}",
        responseMappingTemplate="$util.toJson($ctx.prev.result)",
    )
    body = json.dumps({"query": "{ sum(a: 1, b: 1) }"}).encode()
    asked = urllib.request.Request(api.url, body, {"x-api-key": api.key})
    with urllib.request.urlopen(asked, timeout=30) as answer:
        assert json.load(answer) == {"data": {"sum": 5}}
        trace = api.emulator.get(f"/_habitr/requests/{answer.headers['x-amzn-requestid']}")
    assert (trace["facts"]["auth"], trace["facts"]["api"]) == ("API_KEY", api.id)
    (field,) = trace["steps"]
    assert field["name"] == "Query.sum"
    first, second = field["steps"]
    assert first["facts"] == {
        "request": {"payload": {"n": 1}},
        "result": {"n": 1},
        "response": {"n": 1},
        "stash": {"password": "(hidden)"},
    }
    assert second["facts"]["response"] == 5


FILTER = """
import { util, extensions } from '@aws-appsync/utils'
export const request = () => ({ payload: null })
export function response(ctx) {
  if (ctx.args.id === 'nobody') util.unauthorized()
  extensions.setSubscriptionFilter(util.transform.toSubscriptionFilter({ text: { beginsWith: 'a' } }))
  const filters = [{ fieldName: 'room', operator: 'eq', value: ctx.args.id }]
  extensions.setSubscriptionInvalidationFilter({ filterGroup: [{ filters }] })
  return null
}
"""
CLOSE_ROOM = """
import { extensions } from '@aws-appsync/utils'
export const request = (ctx) => ({ payload: ctx.args })
export function response(ctx) {
  if (ctx.args.text === 'close') {
    extensions.invalidateSubscriptions({ subscriptionField: 'onPut', payload: { room: ctx.args.id } })
  }
  return ctx.result
}
"""


async def test_code_filters_refuses_and_ends_subscriptions(api: Api) -> None:
    api.resolver("Subscription", "onPut", dataSourceName="None", runtime=JS, code=FILTER)
    api.resolver("Mutation", "put", dataSourceName="None", runtime=JS, code=CLOSE_ROOM)
    blob = {"host": "localhost", "x-api-key": api.key}

    def start(id_: str, room: str) -> dict[str, Any]:
        data = json.dumps({"query": f'subscription {{ onPut(id: "{room}") {{ id text }} }}'})
        return {"id": id_, "type": "start", "payload": {"data": data, "extensions": {"authorization": blob}}}

    async def put(room: str, text: str) -> None:
        query = "mutation($id: ID!, $text: String!) { put(id: $id, text: $text) { id text } }"
        body = {"query": query, "variables": {"id": room, "text": text}}
        async with http.post(api.url, json=body, headers={"x-api-key": api.key}) as answer:
            assert (await answer.json())["data"]["put"]["text"] == text

    async with asyncio.timeout(30), aiohttp.ClientSession() as http:
        protocols = ("graphql-ws",)
        async with http.ws_connect(f"{api.url}/realtime", protocols=protocols, headers=blob) as socket:
            await socket.send_json(start("refused", "nobody"))
            (error,) = (await socket.receive_json())["payload"]["errors"]
            assert error["message"] == "Not Authorized to access onPut on type Subscription"
            for id_ in ("one", "two"):
                await socket.send_json(start(id_, id_))
                assert await socket.receive_json() == {"id": id_, "type": "start_ack"}
            await put("9", "b is not heard")
            await put("9", "a is")
            heard = [await socket.receive_json() for _ in range(2)]
            assert [frame["id"] for frame in heard] == ["one", "two"]
            assert heard[0]["payload"] == {"data": {"onPut": {"id": "9", "text": "a is"}}}
            await put("two", "close")
            assert await socket.receive_json() == {"id": "two", "type": "complete"}
            await put("9", "again")
            assert (await socket.receive_json())["id"] == "one"


def test_tags_come_and_go(api: Api) -> None:
    arn = api.client.get_graphql_api(apiId=api.id)["graphqlApi"]["arn"]
    api.client.tag_resource(resourceArn=arn, tags={"stage": "dev"})
    assert api.client.list_tags_for_resource(resourceArn=arn)["tags"] == {"team": "habitr", "stage": "dev"}
    api.client.untag_resource(resourceArn=arn, tagKeys=["team"])
    told = api.client.get_graphql_api(apiId=api.id)["graphqlApi"]
    assert told["tags"] == {"stage": "dev"}
    assert told["authenticationType"] == "API_KEY"


def test_the_settings_of_an_api_are_replaced_and_count_at_once(api: Api) -> None:
    update = api.client.update_graphql_api
    assert "errors" not in api.ask("{ __schema { queryType { name } } }")
    update(
        apiId=api.id, name="notes", authenticationType="API_KEY", introspectionConfig="DISABLED", queryDepthLimit=1
    )
    (hidden,) = api.ask("{ __schema { queryType { name } } }")["errors"]
    assert "Introspection is disabled" in hidden["message"] or "depth" in hidden["message"]
    assert "depth limit" in api.ask("{ notes { id } }")["errors"][0]["message"]
    update(apiId=api.id, name="notes", authenticationType="AWS_IAM")
    with pytest.raises(urllib.error.HTTPError, match="401"):
        api.ask("{ notes { id } }")
    with pytest.raises(api.client.exceptions.BadRequestException):
        update(apiId=api.id, name="notes", authenticationType="AMAZON_COGNITO_USER_POOLS")
