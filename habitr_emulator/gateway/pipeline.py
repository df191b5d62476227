"""The whole life of a request, in reading order."""

import logging
from collections.abc import Awaitable, Callable
from functools import cache, cached_property
from importlib import import_module
from typing import TYPE_CHECKING

from habitr_emulator.gateway import admin, cors
from habitr_emulator.gateway.admin import Control
from habitr_emulator.gateway.bodies import read_body
from habitr_emulator.gateway.doors import FORWARDS_NOTHING
from habitr_emulator.gateway.trace import Traced, refused
from habitr_emulator.kernel.errors import AwsError, InternalFailure
from habitr_emulator.kernel.trace import Span
from habitr_emulator.services.context import ANONYMOUS, Caller, Context
from habitr_emulator.services.faults import Dropped
from habitr_emulator.services.registry import Auth, find
from habitr_emulator.wire import protocols
from habitr_emulator.wire.answers import Answer, media_type
from habitr_emulator.wire.detect import Destination, Endpoint, Names, OperationCall, Unknown, detect
from habitr_emulator.wire.http import Request, Response
from habitr_emulator.wire.model import InvalidInput, Operation, Service, UnparsableInput
from habitr_emulator.wire.refusals import invalid_input, unknown_operation

if TYPE_CHECKING:
    from habitr_emulator.gateway.authenticate import Authenticator

_log = logging.getLogger(__name__)


class Pipeline:
    """Answers requests for one emulator; ``names`` are those of the deployed project.

    ``lenient`` lets wrong signatures pass (``--auth warn``).
    """

    def __init__(self, control: Control, names: Names, *, lenient: bool = False) -> None:
        self.account = control.account
        self._control = control
        self._names = names
        self._lenient = lenient

    @cached_property
    def authenticator(self) -> "Authenticator":
        """Proves callers; imported with all its arithmetic when the first request needs it."""
        from habitr_emulator.gateway.authenticate import Authenticator

        return Authenticator(self.account, lenient=self._lenient)

    async def handle(self, request: Request) -> Response:
        """One request, from its first byte to its answer."""
        request_id = self.account.ids.request_id()
        traced = Traced(request, request_id, self._control.log, self.account.clock.real())
        with traced as span:
            if request.method == "OPTIONS" and (allowed := self._preflight(request, request_id, span)):
                response = allowed
            else:
                response = await self._bounded(request, self._context(request, request_id, span))
            span.facts.setdefault("status", response.status)
            traced.response = response
        cors.allow(request, response)
        return response

    def note_closed_door(self, asked: str) -> None:
        """Keep in the request log what the proxy door was not opened for."""
        span = Span(asked)
        span.note(status=403, why=FORWARDS_NOTHING)
        self._control.log.keep(self.account.ids.request_id(), span)

    def _preflight(self, request: Request, request_id: str, span: Span) -> Response | None:
        """The answer to a page that asks if it may ask; of S3's buckets by their own rules."""
        bucket = cors.bucket_meant(request, self._names)
        if not bucket or not self._has_rules(bucket):
            return cors.preflight(request) if cors.is_preflight(request) else None
        from habitr_emulator.services.s3.cors import answer_preflight

        context = self._context(request, request_id, span)
        context.span.name = "s3 preflight"
        try:
            return Response(200, answer_preflight(self.account, bucket, request.headers))
        except AwsError as error:
            return _plain_refusal(Endpoint("s3.preflight"), error, context)

    def _has_rules(self, bucket: str) -> bool:
        from habitr_emulator.services.s3.cors import concerns

        return concerns(self.account, bucket)

    def _let_page_read(self, request: Request, bucket: str, context: Context) -> None:
        """Put what the bucket's CORS rules say of the request's origin on the answer, whatever it will be."""
        if "origin" in request.headers and bucket and self._has_rules(bucket):
            from habitr_emulator.services.s3.cors import actual_headers

            context.response_headers |= actual_headers(self.account, bucket, request.headers, request.method)

    def _context(self, request: Request, request_id: str, span: Span) -> Context:
        return Context(
            account=self.account,
            caller=ANONYMOUS,
            request_id=request_id,
            span=span,
            source_ip=request.peer,
            user_agent=request.headers.get("user-agent"),
            secure=request.scheme == "https",
            headers=request.headers.first,
        )

    async def _bounded(self, request: Request, context: Context) -> Response:
        """What is refused before it is known what it is for (a body that is too large) is answered by protocol."""
        try:
            return await self._serve(request, context)
        except Dropped:
            context.span.note(error="Dropped", why="a fault that was set on purpose dropped the connection")
            raise
        except AwsError as error:
            return _refusal(protocols.service_to_answer(request), error, request, context)
        except Exception:
            _log.exception("%s failed (request %s)", context.span.name, context.request_id)
            return _refusal(protocols.service_to_answer(request), InternalFailure(), request, context)

    async def _serve(self, request: Request, context: Context) -> Response:
        if "x-amz-target" in request.headers or media_type(request.headers) == "application/x-www-form-urlencoded":
            await read_body(request)
        destination = detect(request, self._names)
        if isinstance(destination, OperationCall):
            return await self._operation(destination, request, context)
        if isinstance(destination, Endpoint):
            return await self._endpoint(destination, request, context)
        return await self._unknown(destination, request, context)

    async def _strike(self, destination: Destination, request: Request) -> None:
        from habitr_emulator.gateway.faults import strike

        await strike(self.account.faults, destination, request)

    async def _operation(self, call: OperationCall, request: Request, context: Context) -> Response:
        operation, service = call.operation, call.operation.service
        context.protocol = service.protocol
        context.span.name = f"{service.name} {operation.name}"
        if service.name == "s3":
            self._let_page_read(request, call.labels.get("Bucket", ""), context)
        try:
            if self.account.faults.rules:
                await self._strike(call, request)
            found = find(service.package, operation.snake)
            if found.auth in (Auth.SIGNED, Auth.POLICY):
                await self._authenticate(request, service, context)
            if not operation.streaming_input:
                await read_body(request)
                if service.name == "s3":
                    _check_digests(operation, request)
            parsed = protocols.parse(operation, request, call.labels)
            output = await self.account.registry.call(service.package, operation.snake, parsed, context)
            return protocols.serialize(operation, output, _answer(request, context))
        except AwsError as error:
            return _refusal(service, error, request, context)
        except Dropped:
            raise
        except (InvalidInput, UnparsableInput) as broken:
            return _refusal(service, invalid_input(service, broken), request, context)
        except ConnectionError as gone:  # the client went away in the middle of its body: nobody hears the answer
            _log.debug("%s: %s", context.span.name, gone)
            return _refusal(service, InternalFailure(), request, context)
        except Exception:
            _log.exception("%s failed (request %s)", context.span.name, context.request_id)
            return _refusal(service, InternalFailure(), request, context)

    async def _authenticate(self, request: Request, service: Service, context: Context) -> None:
        """Prove the signer. The body of other services than S3 is signed too, so it is read first; S3's is
        judged as it streams.
        """
        if service.name != "s3":
            await read_body(request)
        proof = self.authenticator.signed(request, service)
        context.caller = proof.caller
        if service.name == "s3" and request.stream is not None:
            from habitr_emulator.wire.payload import plan_of, verified

            request.stream = verified(request.stream, plan_of(request, proof.signature, proof.key))

    async def _endpoint(self, endpoint: Endpoint, request: Request, context: Context) -> Response:
        if endpoint.name == "s3.post_object":
            return await self._form_upload(endpoint, request, context)
        if endpoint.name == "admin":
            context.span.note(own=True)
            return await admin.handle(request, self._control)
        await read_body(request)
        package, _, _ = endpoint.name.partition(".")
        context.span.name = f"{endpoint.name} {request.method} {request.raw_path}"
        try:
            if self.account.faults.rules:
                await self._strike(endpoint, request)
            context.caller = self._caller_of(endpoint, request)
            response = await _handler(package)(request, context)
            why = response.headers.get("x-habitr-why")
            if why:
                context.span.facts.setdefault("why", why)
        except Dropped:
            raise
        except AwsError as error:
            return _plain_refusal(endpoint, error, context)
        except Exception:
            _log.exception("%s failed (request %s)", context.span.name, context.request_id)
            return _plain_refusal(endpoint, InternalFailure(), context)
        return response

    def _caller_of(self, endpoint: Endpoint, request: Request) -> Caller:
        if endpoint.name == "appsync.graphql":
            return self.authenticator.graphql(request)
        if endpoint.name == "apigateway.execute_api":
            return self.authenticator.rest_api(request)
        return ANONYMOUS

    async def _form_upload(self, endpoint: Endpoint, request: Request, context: Context) -> Response:
        """A browser's upload form: signed by its fields, which come first; the file streams on."""
        from habitr_emulator.services.s3 import http
        from habitr_emulator.wire.multipart_form import opened

        context.span.name, context.protocol = "s3 PostObject", "rest-xml"
        self._let_page_read(request, endpoint.parts["Bucket"], context)
        try:
            form = await opened(request)
            context.caller = self.authenticator.form(request, form.fields)
            response = await http.handle(http.Upload(endpoint.parts["Bucket"], form, request), context)
            response.headers |= context.response_headers
            return response
        except AwsError as error:
            return _plain_refusal(endpoint, error, context)
        except Exception:
            _log.exception("%s failed (request %s)", context.span.name, context.request_id)
            return _plain_refusal(endpoint, InternalFailure(), context)

    async def _unknown(self, unknown: Unknown, request: Request, context: Context) -> Response:
        """AWS looks at the signature before it says that there is no such operation."""
        await read_body(request)
        name = unknown.name.encode(errors="replace").decode()  # header bytes that were no UTF-8
        error: AwsError = unknown_operation(unknown.service, name)
        if unknown.service:
            try:
                self.authenticator.signed(request, unknown.service)
            except AwsError as unproved:
                error = unproved
        return _refusal(unknown.service or protocols.service_to_answer(request), error, request, context)


@cache
def _handler(package: str) -> Callable[[Request, Context], Awaitable[Response]]:
    """What answers a service's requests that are no operation of a model."""
    handle: Callable[[Request, Context], Awaitable[Response]] = import_module(
        f"habitr_emulator.services.{package}.http"
    ).handle
    return handle


def _check_digests(operation: Operation, request: Request) -> None:
    """Hold S3's settings and lists against their Content-MD5 or checksum; raises AwsError."""
    from habitr_emulator.wire import body_digests

    body_digests.check(operation, request)


def _answer(request: Request, context: Context) -> Answer:
    return Answer(context.request_id, context.response_headers, context.response_status, request.method)


def _refusal(service: Service, error: AwsError, request: Request, context: Context) -> Response:
    refused(context.span, error.status, error.code, error.why)
    return protocols.serialize_error(service, error, _answer(request, context))


def _plain_refusal(endpoint: Endpoint, error: AwsError, context: Context) -> Response:
    refused(context.span, error.status, error.code, error.why)
    answer = Answer(context.request_id, context.response_headers)
    return protocols.error_of_endpoint(endpoint.name, error, answer)
