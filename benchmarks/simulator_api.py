"""Habitr's API as Amplify's AppSync simulator takes it: SDL, templates, resolvers, functions, data sources."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.target import ROOT

HABITR = ROOT / "fixtures/habitr/amplify/backend/api/habitr"
#: The tables that the measured fields need, and their keys.
TABLES = {"Habit": "id", "User": "username"}
VOTE = {"loadVoter": "User", "countVote": "Habit", "rememberVote": "User"}
#: Plain unit resolvers after AWS's "resolver tutorial: DynamoDB", without any of the authorization, default and
#: condition slots that Amplify generates and that our side runs: the simulator has the lighter work.
UNITS = {
    ("Mutation", "createHabit"): """
#set( $item = $util.defaultIfNull($ctx.args.input, {}) )
#set( $now = $util.time.nowISO8601() )
$util.qr($item.put("createdAt", $now))
$util.qr($item.put("updatedAt", $now))
{
  "version": "2018-05-29",
  "operation": "PutItem",
  "key": { "id": $util.dynamodb.toDynamoDBJson($util.autoId()) },
  "attributeValues": $util.dynamodb.toMapValuesJson($item),
  "condition": { "expression": "attribute_not_exists(id)" }
}""",
    ("Query", "getHabit"): """
{
  "version": "2018-05-29",
  "operation": "GetItem",
  "key": { "id": $util.dynamodb.toDynamoDBJson($ctx.args.id) }
}""",
    ("Query", "listHabits"): """
{
  "version": "2018-05-29",
  "operation": "Scan",
  "limit": $util.defaultIfNull($ctx.args.limit, 100)
}""",
}
ANSWER = "#if( $ctx.error )$util.error($ctx.error.message, $ctx.error.type)#end$util.toJson($ctx.result)"


def api(dynamodb: str, api_key: str) -> dict[str, Any]:
    """The simulator's configuration over a DynamoDB at the URL ``dynamodb``; the vote is Habitr's own pipeline."""
    functions = [
        {"name": name, "dataSourceName": table, **_locations(f"pipelineFunctions/{name}")}
        for name, table in VOTE.items()
    ]
    vote = {"kind": "PIPELINE", "typeName": "Mutation", "fieldName": "vote", "functions": list(VOTE)}
    cognito = {"authenticationType": "AMAZON_COGNITO_USER_POOLS", "cognitoUserPoolConfig": {}}
    return {
        "schema": {"path": "schema.graphql", "content": _sdl()},
        "dataSources": [_source(table, dynamodb) for table in TABLES],
        "functions": functions,
        "resolvers": [*_units(), vote | _locations("resolvers/Mutation.vote")],
        "mappingTemplates": [_template(path) for path in HABITR.rglob("*.vtl")],
        "appSync": {
            "name": "habitr",
            "apiKey": api_key,
            "defaultAuthenticationType": cognito,
            "additionalAuthenticationProviders": [{"authenticationType": "API_KEY"}],
        },
    }


def _template(path: Path) -> dict[str, str]:
    """A file as it is, but for what AppSync takes and the simulator does not: a number as ``{"N": 1}``, which
    DynamoDB Local refuses, and a string set, which it makes an empty map of. What they render is the same.
    (A set that it reads is empty to it too: its votes never walk through earlier ones.)
    """
    content = re.sub(r'"N": (-?\d+)', r'"N": "\1"', path.read_text())
    content = re.sub(r"\$util\.dynamodb\.toStringSetJson\(\[(.*?)\]\)", r'{ "SS": ["\1"] }', content)
    return {"path": str(path.relative_to(HABITR)), "content": content}


def _sdl() -> str:
    command = [sys.executable, "-m", "habitr_emulator", "schema", "print"]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def _units() -> list[dict[str, Any]]:
    return [
        {
            "kind": "UNIT",
            "typeName": type_name,
            "fieldName": field,
            "dataSourceName": "Habit",
            "requestMappingTemplate": template,
            "responseMappingTemplate": ANSWER,
        }
        for (type_name, field), template in UNITS.items()
    ]


def _locations(template: str) -> dict[str, str]:
    return {
        "requestMappingTemplateLocation": f"{template}.req.vtl",
        "responseMappingTemplateLocation": f"{template}.res.vtl",
    }


def _source(table: str, dynamodb: str) -> dict[str, Any]:
    keys = {"accessKeyId": "test", "secretAccessKey": "test"}
    where = {"endpoint": dynamodb, "region": "us-east-1", "tableName": table}
    return {"name": table, "type": "AMAZON_DYNAMODB", "config": where | keys, "options": {"credentials": keys}}
