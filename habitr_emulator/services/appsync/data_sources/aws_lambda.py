"""AWS_LAMBDA: Invoke, BatchInvoke, and direct resolvers (which send the whole context as payload).

https://docs.aws.amazon.com/appsync/latest/devguide/resolver-mapping-template-reference-lambda.html
"""

import asyncio
from typing import Any

import orjson

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.appsync.data_sources.result import DataSourceResult, failed
from habitr_emulator.services.appsync.spec import DataSource, ResolverError
from habitr_emulator.services.appsync.vtl.to_json import to_json
from habitr_emulator.services.context import Context

MAX_BATCH = 2000
_ENVELOPE = frozenset({"data", "errorMessage", "errorType", "errorInfo"})


async def invoke(
    documents: list[dict[str, Any]], data_source: DataSource, context: Context
) -> list[DataSourceResult]:
    """Invoke the function once a document, or once for all documents that say BatchInvoke."""
    name = data_source.config["function_name"]
    batched = [at for at, document in enumerate(documents) if document.get("operation") == "BatchInvoke"]
    results: list[DataSourceResult] = [DataSourceResult()] * len(documents)

    async def single(at: int) -> None:
        results[at] = await _single(name, documents[at], context)

    async def batch(places: list[int]) -> None:
        answers = await _batch(name, [documents[at].get("payload") for at in places], context)
        for at, answer in zip(places, answers, strict=True):
            results[at] = answer

    calls = [single(at) for at in range(len(documents)) if documents[at].get("operation") != "BatchInvoke"]
    calls += [batch(batched[start : start + MAX_BATCH]) for start in range(0, len(batched), MAX_BATCH)]
    await asyncio.gather(*calls)
    return results


async def _single(name: str, document: dict[str, Any], context: Context) -> DataSourceResult:
    operation, kind = document.get("operation"), document.get("invocationType") or "RequestResponse"
    if operation != "Invoke":
        return failed(ResolverError(f"Unsupported operation '{operation}'.", "MappingTemplate"))
    if kind not in ("RequestResponse", "Event"):
        return failed(ResolverError(f"Unsupported invocationType '{kind}'.", "MappingTemplate"))
    try:
        return DataSourceResult(await _call(name, document.get("payload"), kind, context))
    except ResolverError as error:
        return failed(error)


async def _batch(name: str, payloads: list[Any], context: Context) -> list[DataSourceResult]:
    try:
        answer = await _call(name, payloads, "RequestResponse", context)
    except ResolverError as error:
        return [failed(error)] * len(payloads)
    if not isinstance(answer, list) or len(answer) != len(payloads):
        # guess: the service's wording is not documented
        message = f"BatchInvoke needs a list of {len(payloads)} results from the function."
        return [failed(ResolverError(message, "Lambda:IllegalArgument"))] * len(payloads)
    return [_element(each) for each in answer]


def _element(answer: Any) -> DataSourceResult:
    """An element of a batch: a plain value, or ``{data, errorMessage, errorType}``."""
    if not isinstance(answer, dict) or not answer or not _ENVELOPE.issuperset(answer):
        return DataSourceResult(answer)
    if answer.get("errorMessage") is None:
        return DataSourceResult(answer.get("data"))
    message, kind = str(answer["errorMessage"]), answer.get("errorType")
    return failed(ResolverError(message, kind, answer.get("data"), answer.get("errorInfo")))


async def _call(name: str, payload: Any, kind: str, context: Context) -> Any:
    request = {"FunctionName": name, "InvocationType": kind, "Payload": to_json(payload).encode()}
    try:
        response = await context.as_service("appsync.amazonaws.com").services.lambda_.invoke(request)
    except AwsError as error:
        raise ResolverError(error.message, f"Lambda:{error.code}", why=error.why) from error
    body = response.get("Payload") or b""
    try:
        answer = orjson.loads(body) if body else None
    except ValueError as error:
        raise ResolverError("The function's answer is not JSON.", "Lambda:IllegalArgument") from error
    fault = response.get("FunctionError")
    if fault:
        told = answer if isinstance(answer, dict) else {}
        message = str(told.get("errorMessage", "Unhandled exception"))
        raise ResolverError(message, f"Lambda:{fault}", why=f"the function {name} failed: {message}")
    return answer
