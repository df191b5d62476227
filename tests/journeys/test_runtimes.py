"""Functions of a project in Python, Node.js and Go: invoked, changed, timed out, crashed, logged."""

import json
import shutil
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.conftest import Running, missing

PYTHON = """
import os, time
def handler(event, context):
    if event == "slow":
        time.sleep(60)
    if event == "die":
        os._exit(7)
    if event == "raise":
        raise KeyError("nothing")
    print("said", event)
    return {"event": event, "table": os.environ["TABLE"], "left": context.get_remaining_time_in_millis() > 0}
"""
COMMON_JS = """
exports.handler = async (event, context) => {
  if (event === 'raise') throw new RangeError('too far');
  console.log('said', event);
  return { event, name: context.functionName };
};
exports.callback = (event, context, done) => setImmediate(() => done(null, { called: event }));
"""
MODULE = "import { basename } from 'node:path';\nexport const handler = async (event) => basename(event);\n"
GO = """
package main

import ("bytes"; "fmt"; "io"; "net/http"; "os")

func main() {
	api := "http://" + os.Getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/invocation/"
	for {
		next, err := http.Get(api + "next")
		if err != nil { os.Exit(1) }
		event, _ := io.ReadAll(next.Body)
		fmt.Fprintln(os.Stderr, "said", string(event))
		answer := []byte(fmt.Sprintf(`{"go": %s}`, event))
		id := next.Header.Get("Lambda-Runtime-Aws-Request-Id")
		done, err := http.Post(api+id+"/response", "application/json", bytes.NewReader(answer))
		if err != nil || done.StatusCode != 202 { os.Exit(1) }
	}
}
"""
FUNCTIONS = {
    "python": ("python3.11", "index.handler", "index.py", PYTHON),
    "commonjs": ("nodejs20.x", "index.handler", "index.js", COMMON_JS),
    "callback": ("nodejs20.x", "index.callback", "index.js", COMMON_JS),
    "module": ("nodejs20.x", "index.handler", "index.mjs", MODULE),
    "golang": ("provided.al2023", "bootstrap", "main.go", GO),
    "broken": ("provided.al2023", "bootstrap", "main.go", "package main\nfunc main() { nothing() }\n"),
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An Amplify project of nothing but functions."""
    root = tmp_path_factory.mktemp("functions")
    backend = root / "amplify" / "backend"
    for name, (runtime, handler, file, code) in FUNCTIONS.items():
        folder = backend / "function" / name
        (folder / "src").mkdir(parents=True)
        (folder / "src" / file).write_text(textwrap.dedent(code))
        template = folder / f"{name}-cloudformation-template.json"
        template.write_text(json.dumps(template_of(name, runtime, handler)))
    resources = {
        name: {"build": True, "providerPlugin": "awscloudformation", "service": "Lambda"} for name in FUNCTIONS
    }
    (backend / "backend-config.json").write_text(json.dumps({"function": resources}))
    (root / "amplify" / "team-provider-info.json").write_text(json.dumps({"dev": {}}))
    return root


def template_of(name: str, runtime: str, handler: str) -> dict[str, Any]:
    function = {
        "FunctionName": {"Fn::Join": ["-", [name, {"Ref": "env"}]]},
        "Runtime": runtime,
        "Handler": handler,
        "Timeout": 2 if name == "python" else 20,
        "Environment": {"Variables": {"TABLE": "people"}},
        "Role": "arn:aws:iam::000000000000:role/none",
    }
    return {
        "Parameters": {"env": {"Type": "String"}},
        "Resources": {"LambdaFunction": {"Type": "AWS::Lambda::Function", "Properties": function}},
    }


@pytest.fixture(scope="module")
def functions(project: Path) -> Any:
    from tests.journeys.conftest import start, stop

    running = start(project, "--project", str(project), "--memory", "--port", "0")
    yield running
    stop(running)


Call = Callable[..., dict[str, Any]]


@pytest.fixture
def call(functions: Running) -> Call:
    """Invoke a function; gives its answer with the payload decoded."""
    client = functions.client("lambda")

    def called(name: str, event: Any, **more: Any) -> dict[str, Any]:
        answer = client.invoke(FunctionName=f"{name}-dev", Payload=json.dumps(event).encode(), **more)
        return {**answer, "Payload": json.loads(answer["Payload"].read() or b"null")}

    return called


def test_a_python_function_runs_and_is_logged(functions: Running, call: Call) -> None:
    answer = call("python", "hello", LogType="Tail")
    assert answer["Payload"] == {"event": "hello", "table": "people", "left": True}
    request_id = answer["ResponseMetadata"]["RequestId"]
    span = functions.get(f"/_habitr/requests/{request_id}")
    assert "said hello" in json.dumps(span)
    logs = functions.client("logs").filter_log_events(
        logGroupName="/aws/lambda/python-dev", filterPattern='"said hello"'
    )
    assert [event["message"] for event in logs["events"]] == ["said hello\n"]


@pytest.mark.parametrize(
    ("event", "error_type", "message"),
    [
        ("raise", "KeyError", "'nothing'"),
        ("die", "Runtime.ExitError", "exit status 7"),
        ("slow", "Sandbox.Timedout", "Task timed out after 2.00 seconds"),
    ],
)
def test_a_function_that_fails_says_how(call: Call, event: str, error_type: str, message: str) -> None:
    answer = call("python", event)
    assert answer["FunctionError"] == "Unhandled"
    assert answer["Payload"]["errorType"] == error_type
    assert message in answer["Payload"]["errorMessage"]
    assert call("python", "again")["Payload"]["event"] == "again"


def test_changed_code_runs_at_once(project: Path, call: Call) -> None:
    assert call("module", "/a/b")["Payload"] == "b"
    source = project / "amplify" / "backend" / "function" / "module" / "src" / "index.mjs"
    source.write_text("export const handler = async (event) => 'changed ' + event;\n")
    assert call("module", "c")["Payload"] == "changed c"
    source.write_text(MODULE)


@pytest.mark.usefixtures("node")
def test_node_functions_run(call: Call) -> None:
    assert call("commonjs", "hello")["Payload"] == {"event": "hello", "name": "commonjs-dev"}
    failed = call("commonjs", "raise")["Payload"]
    assert (failed["errorType"], failed["errorMessage"]) == ("RangeError", "too far")
    assert call("callback", "hello")["Payload"] == {"called": "hello"}


def test_go_sources_are_built_and_run(call: Call) -> None:
    if shutil.which("go") is None:
        missing("go")
    assert call("golang", {"a": 1})["Payload"] == {"go": {"a": 1}}
    broken = call("broken", {})
    assert broken["Payload"]["errorType"] == "Runtime.InvalidEntrypoint"
    assert "undefined: nothing" in broken["Payload"]["errorMessage"]
