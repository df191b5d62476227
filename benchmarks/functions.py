"""Lambda: a cold and a warm invocation in every runtime that the machine has."""

import io
import json
import shutil
import statistics
import subprocess
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from benchmarks.scenarios import Row
from benchmarks.target import Target

WARM, COLD = 300, 5
ROLE = "arn:aws:iam::000000000000:role/benchmark"
PYTHON = b"def handler(event, context):\n    return event\n"
NODE = b"exports.handler = async (event) => event;\n"
GO = """package main
import ("io"; "net/http"; "os")
func main() {
	api := "http://" + os.Getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/invocation/"
	for {
		next, err := http.Get(api + "next")
		if err != nil { os.Exit(1) }
		url := api + next.Header.Get("Lambda-Runtime-Aws-Request-Id") + "/response"
		done, err := http.Post(url, "application/json", next.Body)
		if err != nil { os.Exit(1) }
		io.Copy(io.Discard, done.Body)
		done.Body.Close(); next.Body.Close()
	}
}
"""


def measure(target: Target) -> list[Row]:
    """Milliseconds of an invocation through the Lambda API, boto3's own time included."""
    config = target.config
    client = boto3.client(
        "lambda",
        endpoint_url=config["endpoint"],
        region_name=config["region"],
        aws_access_key_id=config["access_key_id"],
        aws_secret_access_key=config["secret_access_key"],
        config=Config(retries={"total_max_attempts": 1}),
    )
    rows = []
    for name, runtime, package in packages():
        rows += of_runtime(client, name, runtime, package)
    return rows


def packages() -> list[tuple[str, str, bytes]]:
    """Name, runtime identifier and package of each runtime that can run here."""
    found = [("Python", "python3.11", zipped("index.py", PYTHON))]
    if shutil.which("node"):
        found.append(("Node.js", "nodejs20.x", zipped("index.js", NODE)))
    if shutil.which("go"):
        found.append(("Go", "provided.al2023", zipped("bootstrap", go_program())))
    return found


def zipped(name: str, content: bytes) -> bytes:
    """A package of one executable file."""
    buffer = io.BytesIO()
    entry = zipfile.ZipInfo(name)
    entry.external_attr = 0o755 << 16
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(entry, content)
    return buffer.getvalue()


def go_program() -> bytes:
    """The Go function, built."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "main.go").write_text(GO)
        subprocess.run(["go", "build", "-o", "bootstrap", "main.go"], cwd=folder, check=True)
        return (Path(folder) / "bootstrap").read_bytes()


def of_runtime(client: Any, name: str, runtime: str, package: bytes) -> list[Row]:
    """The median cold invocation (a changed configuration ends the warm workers) and the warm one."""
    function = f"benchmark-{runtime.replace('.', '-')}"
    client.create_function(
        FunctionName=function, Runtime=runtime, Role=ROLE, Handler="index.handler", Code={"ZipFile": package}
    )
    cold = []
    for attempt in range(COLD):
        client.update_function_configuration(FunctionName=function, Description=f"attempt {attempt}")
        cold.append(invoked(client, function))
    warm = sorted(invoked(client, function) for _ in range(WARM))
    client.delete_function(FunctionName=function)
    p99 = warm[int(len(warm) * 0.99)]
    return [
        Row(f"{name} function, cold", statistics.median(cold), "ms", None, ""),
        Row(f"{name} function, warm", statistics.median(warm), "ms", None, "", statistics.median(warm), p99),
    ]


def invoked(client: Any, function: str) -> float:
    """Milliseconds of one invocation."""
    started = time.perf_counter()
    answer = client.invoke(FunctionName=function, Payload=b'{"a": 1}')
    assert json.load(answer["Payload"]) == {"a": 1}
    return (time.perf_counter() - started) * 1000
