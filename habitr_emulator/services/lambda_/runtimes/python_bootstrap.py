"""What runs in a Python worker: loads the handler, then answers one event after another.

A program of its own, started with the interpreter's path alone; it imports nothing of the emulator. What it
imports decides how fast a function starts, so ``logging`` and ``traceback`` come only when needed.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from importlib import import_module
from struct import Struct
from types import TracebackType
from typing import Any, BinaryIO

_LENGTHS = Struct(">II")
_REPLY = Struct(">IcI")
_MAXIMUM = 6 * 1024 * 1024 + 100
Handler = Callable[[Any, "LambdaContext"], Any]


class CognitoIdentity:
    """``context.identity``."""

    cognito_identity_id: str | None = None
    cognito_identity_pool_id: str | None = None


class Client:
    """``context.client_context.client``."""

    def __init__(self, values: dict[str, Any]) -> None:
        for name in ("installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name"):
            setattr(self, name, values.get(name))


class ClientContext:
    """``context.client_context``."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.custom = values.get("custom")
        self.env = values.get("env")
        self.client = Client(values.get("client") or {})


class LambdaContext:
    """What a handler is given beside its event.

    https://docs.aws.amazon.com/lambda/latest/dg/python-context.html
    """

    def __init__(self, header: dict[str, Any]) -> None:
        environment = os.environ
        self.aws_request_id: str = header["requestId"]
        self.invoked_function_arn: str = header["functionArn"]
        self.function_name = environment.get("AWS_LAMBDA_FUNCTION_NAME")
        self.function_version = environment.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.memory_limit_in_mb = environment.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.log_group_name = environment.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = environment.get("AWS_LAMBDA_LOG_STREAM_NAME")
        self.identity = CognitoIdentity()
        self.client_context: ClientContext | None = None
        if header["clientContext"]:
            self.client_context = ClientContext(json.loads(header["clientContext"]))
        self._until = time.monotonic() + header["milliseconds"] / 1000

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the function is stopped."""
        return max(int((self._until - time.monotonic()) * 1000), 0)

    def log(self, message: str) -> None:
        """Write to the log."""
        sys.stdout.write(str(message))


class Failure(Exception):
    """Something that Lambda reports under a name of its own (``Runtime.ImportModuleError``)."""

    def __init__(self, error_type: str, message: str, stack: list[str] | None = None) -> None:
        super().__init__(message)
        self.error_type, self.stack = error_type, stack or []


def load(handler: str) -> Handler:
    """The function that ``index.handler`` names; raises Failure, or what the module raises."""
    module_name, dot, function_name = handler.rpartition(".")
    if not dot:
        message = f"Bad handler '{handler}': not enough values to unpack (expected 2, got 1)"
        raise Failure("Runtime.MalformedHandlerName", message)
    try:
        module = import_module(module_name.replace("/", "."))
    except ImportError as error:
        raise Failure("Runtime.ImportModuleError", f"Unable to import module '{module_name}': {error}") from None
    except SyntaxError as error:
        line = f'  File "{error.filename}" Line {error.lineno}\n    {(error.text or "").rstrip()}\n'
        message = f"Syntax error in module '{module_name}': {error}"
        raise Failure("Runtime.UserCodeSyntaxError", message, [line]) from None
    try:
        found: Handler = getattr(module, function_name)
    except AttributeError:
        message = f"Handler '{function_name}' missing on module '{module_name}'"
        raise Failure("Runtime.HandlerNotFound", message) from None
    return found


def error_object(error: BaseException, request_id: str) -> dict[str, Any]:
    """An exception as Lambda reports it, without the frames of this program."""
    if isinstance(error, Failure):
        kind, stack = error.error_type, error.stack
    else:
        kind, stack = type(error).__name__, _stack(error.__traceback__)
    return {"errorMessage": str(error), "errorType": kind, "requestId": request_id, "stackTrace": stack}


def _stack(trace: TracebackType | None) -> list[str]:
    import traceback

    frames = traceback.extract_tb(trace)
    own = {__file__, "<frozen importlib._bootstrap>", "<frozen importlib._bootstrap_external>"}
    kept = [frame for frame in frames if frame.filename not in own and "importlib" not in frame.filename]
    return traceback.format_list(kept)


def _unmarshal(event: bytes) -> Any:
    try:
        return json.loads(event)
    except ValueError as error:
        raise Failure("Runtime.UnmarshalError", f"Unable to unmarshal input: {error}") from None


def _marshal(result: Any) -> bytes:
    try:
        return json.dumps(result, ensure_ascii=False).encode()
    except (TypeError, ValueError) as error:
        raise Failure("Runtime.MarshalError", f"Unable to marshal response: {error}") from None


def run(handler: Handler, header: dict[str, Any], event: bytes) -> tuple[bytes, bytes]:
    """One invocation: the kind of the answer and its payload."""
    try:
        payload = _marshal(handler(_unmarshal(event), LambdaContext(header)))
    except Exception as error:
        return b"E", _reported(error, header["requestId"])
    if len(payload) > _MAXIMUM:
        text = f"Response payload size exceeded maximum allowed payload size ({_MAXIMUM} bytes)."
        return b"E", _reported(Failure("Function.ResponseSizeTooLarge", text), header["requestId"])
    return b"R", payload


def _reported(error: BaseException, request_id: str) -> bytes:
    body = error_object(error, request_id)
    trace = "".join(["\nTraceback (most recent call last):\n", *body["stackTrace"]]) if body["stackTrace"] else ""
    print(f"[ERROR] {body['errorType']}: {body['errorMessage']}{trace}")
    return json.dumps(body, ensure_ascii=False).encode()


class _Log:
    """Where ``logging`` writes on Lambda: level, time and request id before each message."""

    request_id = ""

    @classmethod
    def install(cls) -> None:
        """Give the root logger Lambda's handler, if the function uses ``logging`` and set up none itself."""
        logging = sys.modules.get("logging")
        if logging is None or logging.root.handlers:
            return
        handler = logging.StreamHandler(sys.stdout)
        layout = "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s"
        handler.setFormatter(logging.Formatter(layout, "%Y-%m-%dT%H:%M:%S"))
        handler.formatter.converter = time.gmtime
        handler.addFilter(cls._name)
        logging.root.addHandler(handler)

    @classmethod
    def _name(cls, record: Any) -> bool:
        record.aws_request_id = cls.request_id
        return True


class _Memory:
    """The most memory seen at the end of an invocation, in MiB.

    On Linux not ``ru_maxrss``: that starts at the size of whoever started this process.
    """

    def __init__(self) -> None:
        self._peak = 0
        self._page = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 0
        try:
            self._pages = os.open("/proc/self/statm", os.O_RDONLY)
        except OSError:
            self._pages = -1

    def measure(self) -> int:
        """The peak until now."""
        self._peak = max(self._peak, self._resident())
        return self._peak

    def _resident(self) -> int:
        if self._pages >= 0:
            return int(os.pread(self._pages, 64, 0).split()[1]) * self._page >> 20
        try:
            import resource
        except ImportError:
            return 0
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> (20 if sys.platform == "darwin" else 10)


class _Outbound:
    """The pipe to the emulator."""

    def __init__(self, pipe: int) -> None:
        self._pipe, self._memory = pipe, _Memory()

    def send(self, kind: bytes, payload: bytes = b"") -> None:
        """Send a frame, after all that the function printed."""
        sys.stdout.flush()
        sys.stderr.flush()
        frame = memoryview(_REPLY.pack(5 + len(payload), kind, self._memory.measure()) + payload)
        while frame:
            frame = frame[os.write(self._pipe, frame) :]

    def end_with(self) -> None:
        """End this process when nobody reads the pipe any more, even while a handler runs."""
        import _thread
        import select

        if hasattr(select, "poll"):
            poll = select.poll()
            poll.register(self._pipe, 0)
            _thread.start_new_thread(lambda: poll.poll() and os._exit(1), ())


def _take_pipes() -> tuple[BinaryIO, int]:
    """Keep stdin and stdout for the frames; the function gets no input, and its output is log."""
    inbound, outbound = os.fdopen(os.dup(0), "rb"), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    sys.stdout = open(1, "w", buffering=1, closefd=False)  # noqa: SIM115 - lives as long as the process
    sys.stderr = open(2, "w", buffering=1, closefd=False)  # noqa: SIM115
    return inbound, outbound


def main() -> None:
    """Load, then answer until the pipe closes."""
    inbound, pipe = _take_pipes()
    outbound = _Outbound(pipe)
    outbound.end_with()
    sys.path.insert(0, os.environ["LAMBDA_TASK_ROOT"])
    try:
        handler = load(os.environ["_HANDLER"])
    except Exception as error:
        outbound.send(b"X", _reported(error, ""))
        sys.exit(1)
    _Log.install()
    outbound.send(b"S")
    while lengths := inbound.read(_LENGTHS.size):
        total, header_length = _LENGTHS.unpack(lengths)
        header = json.loads(inbound.read(header_length))
        event = inbound.read(total - 4 - header_length)
        _Log.request_id = header["requestId"]
        if header["traceId"]:
            os.environ["_X_AMZN_TRACE_ID"] = header["traceId"]
        outbound.send(*run(handler, header, event))


if __name__ == "__main__":
    main()
