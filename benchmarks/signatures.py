"""What signatures cost: the arithmetic by itself, signed against unsigned requests, and S3 at 1 KiB."""

import base64
import datetime
import hashlib
import json
import time
from typing import Any

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from benchmarks.load import Request, run
from benchmarks.scenarios import Row, echo_limit, rated
from benchmarks.target import Target

CONNECTIONS = 32
OBJECT = b"x" * 1024
JSON = "application/x-amz-json-1.0"


def signed(config: dict[str, Any], service: str, method: str, path: str, body: bytes, **headers: str) -> Request:
    """A request as ``benchmarks.load`` sends it, signed by botocore with the administrator's key."""
    request = AWSRequest(
        method, config["endpoint"] + path, {n.replace("_", "-"): v for n, v in headers.items()}, body
    )
    signer = S3SigV4Auth if service == "s3" else SigV4Auth
    keys = Credentials(config["access_key_id"], config["secret_access_key"])
    signer(keys, service, config["region"]).add_auth(request)
    return method, path, dict(request.headers.items()), body


def verification() -> list[Row]:
    """Microseconds to prove one request in this process: found, checked, canonicalised, compared."""
    from habitr_emulator.wire.http import Headers
    from habitr_emulator.wire.http import Request as Received
    from habitr_emulator.wire.sigv4 import check, presented, verify

    config = {
        "endpoint": "http://localhost",
        "region": "us-east-1",
        "access_key_id": "a",
        "secret_access_key": "s",
    }
    rows = []
    for name, service, path in (
        ("DynamoDB call", "dynamodb", "/"),
        ("S3 object", "s3", "/bucket/some/key?x-id=1"),
    ):
        method, path, headers, body = signed(config, service, "PUT", path, OBJECT, content_type=JSON)
        lines = [("host", "localhost"), *((key.lower(), value) for key, value in headers.items())]
        now = datetime.datetime.now(datetime.UTC).timestamp()
        started, count = time.perf_counter(), 5000
        for _ in range(count):
            request = Received(method, path, Headers(lines), body)
            signature = presented(request, s3=service == "s3")
            assert signature is not None
            check(signature, request, now=now, service=service, region="us-east-1")
            verify(signature, request, "s")
        micro = (time.perf_counter() - started) / count * 1e6
        rows.append(Row(f"verification of a {name} of 1 KiB", micro, "us", None, "120 us"))
    return rows


async def signatures(target: Target, echo: str) -> list[Row]:
    """Objects of 1 KiB put and got, the same get without a signature, and the cheapest signed call."""
    config, rows = target.config, verification()
    echoed = await echo_limit(echo, OBJECT, CONNECTIONS)
    bucket = config["bucket"]
    puts = [signed(config, "s3", "PUT", f"/{bucket}/public/bench-{n}", OBJECT) for n in range(64)]
    gets = [signed(config, "s3", "GET", f"/{bucket}/public/bench-{n}", b"") for n in range(64)]
    url = config["endpoint"]
    rows.append(rated("S3 put of 1 KiB, signed", await run(url, puts, 3000, CONNECTIONS), echoed, "0.15"))
    got = await run(url, gets, 3000, CONNECTIONS)
    rows.append(rated("S3 get of 1 KiB, signed", got, echoed, "0.25"))
    closed = f"/{bucket}?publicAccessBlock"
    await run(url, [signed(config, "s3", "DELETE", closed, b""), _opened(config)], 2, 1)
    plain: list[Request] = [(method, path, {}, body) for method, path, _, body in gets]
    unsigned = await run(url, plain, 3000, CONNECTIONS)
    rows.append(rated("S3 get of 1 KiB, unsigned (bucket policy)", unsigned, echoed, ""))
    rows.append(Row("signed to unsigned get", got.per_second / unsigned.per_second, "", None, "0.7"))
    caller = b"Action=GetCallerIdentity&Version=2011-06-15"
    sts = [signed(config, "sts", "POST", "/", caller, content_type="application/x-www-form-urlencoded")]
    rows.append(rated("GetCallerIdentity, signed", await run(url, sts, 3000, CONNECTIONS), echoed, ""))
    return rows


def _opened(config: dict[str, Any]) -> Request:
    """PutBucketPolicy: anybody may read, so that the same object can be had without a signature."""
    resource = f"arn:aws:s3:::{config['bucket']}/*"
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": resource}
    body = json.dumps({"Version": "2012-10-17", "Statement": [statement]}).encode()
    digest = base64.b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode()
    return signed(config, "s3", "PUT", f"/{config['bucket']}?policy", body, content_md5=digest)
