"""The error objects that Lambda itself makes when a function does not answer.

https://docs.aws.amazon.com/lambda/latest/dg/python-exceptions.html
"""

import json
import signal

_OURS = ("Sandbox.Timedout", "Runtime.ExitError", "Runtime.InvalidEntrypoint")
_SIGNAL_WORDS = {signal.SIGKILL: "killed", signal.SIGSEGV: "segmentation fault", signal.SIGABRT: "aborted"}


def error(error_type: str, message: str) -> bytes:
    """An error object as JSON."""
    return json.dumps({"errorType": error_type, "errorMessage": message}).encode()


def timed_out(seconds: float) -> bytes:
    """What stands for the answer of a function that was stopped; the request id is put in by ``named``."""
    return error("Sandbox.Timedout", f"Error: Task timed out after {seconds:.2f} seconds")


def exited(code: int) -> bytes:
    """What stands for the answer of a process that ended: ``code`` is its exit status, negative for a signal."""
    if code == 0:
        return error("Runtime.ExitError", "Error: Runtime exited without providing a reason")
    if code < 0:
        return error("Runtime.ExitError", f"Error: Runtime exited with error: signal: {_signal_word(-code)}")
    return error("Runtime.ExitError", f"Error: Runtime exited with error: exit status {code}")


def no_entrypoint(reason: str) -> bytes:
    """What stands for the answer of a function whose program could not be started."""
    return error("Runtime.InvalidEntrypoint", f"Error: {reason}")


def _signal_word(number: int) -> str:
    known = {int(key): word for key, word in _SIGNAL_WORDS.items()}
    if number in known:
        return known[number]
    try:
        return signal.strsignal(number) or str(number)
    except (ValueError, RecursionError):
        return str(number)


def named(payload: bytes, request_id: str) -> bytes:
    """An error object with the request it belongs to, as Lambda and its runtimes report it."""
    try:
        body = json.loads(payload)
    except (ValueError, RecursionError):
        return payload
    if not isinstance(body, dict):
        return payload
    if str(body.get("errorType", "")) in _OURS:
        return json.dumps({**body, "errorMessage": f"RequestId: {request_id} {body['errorMessage']}"}).encode()
    if body.get("requestId") == "":
        return json.dumps({**body, "requestId": request_id}).encode()
    return payload
