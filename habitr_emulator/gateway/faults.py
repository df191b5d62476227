"""Faults of requests: what the registry cannot do (drop a connection), and what is no operation of a service."""

import re

import orjson

from habitr_emulator.gateway.bodies import read_body
from habitr_emulator.services.faults import Faults
from habitr_emulator.wire.detect import Destination, Endpoint, OperationCall
from habitr_emulator.wire.http import Request

_WORD = re.compile(r"[A-Za-z_]\w*", re.ASCII)


async def strike(faults: Faults, destination: Destination, request: Request) -> None:
    """Do what the rules say about a request, before it is served. Raises AwsError and Dropped."""
    if isinstance(destination, OperationCall):
        operation = destination.operation
        await faults.strike(operation.service.package, [operation.name], ["drop"])
    elif isinstance(destination, Endpoint) and destination.name != "admin":
        service, _, name = destination.name.partition(".")
        words = [name, *_WORD.findall(request.path)]
        if destination.name == "appsync.graphql":
            await read_body(request)
            words += _WORD.findall(_query(request.body))
        await faults.strike(service, words)


def _query(body: bytes) -> str:
    try:
        return str(orjson.loads(body)["query"])
    except (ValueError, KeyError, TypeError):
        return ""
