"""`MeteredModel`: the one wrapper around every model call.

What a provider may see is built here (`policy.egress.payload`), the attempt is a durable row before
anything is sent, and it is settled from the provider's own figures, or voided, exactly once. Retries
are attempts of their own. Only `request` and `request_stream` exist; the library's other ways to
reach a provider are closed, so that no call goes past the ledger. What was sent is kept for the user.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Never

from pydantic_ai.messages import ModelMessage, ModelResponse
from pydantic_ai.models import Model, ModelRequestParameters, StreamedResponse
from pydantic_ai.models.wrapper import WrapperModel
from pydantic_ai.settings import ModelSettings

from .. import failpoints
from ..errors import AnalystError, ProviderError, Refused
from ..logs import logger
from ..policy import egress
from ..providers import failures
from ..providers.usage import estimate, tokens_of
from ..store.payloads import Payloads
from ..types.usage import TokenUsage
from .call import BookedCall, CallContext, Outgoing
from .ledger import Ledger, NewAttempt

RETRIES = 2
"""Most repetitions of a call that failed before its first content."""
MOST_OUTPUT = 8192
"""Output tokens that are set aside for where no limit is given to the provider."""
LONGEST_WAIT = 30.0
"""Seconds; a provider that asks for a longer pause is not waited for."""


class MeteredModel(WrapperModel):
    """A model whose every call is booked."""

    def __init__(
        self, wrapped: Model, *, ledger: Ledger, context: CallContext, payloads: Payloads | None = None
    ) -> None:
        super().__init__(wrapped)
        self.ledger = ledger
        self.payloads = payloads
        """Where what was sent is kept; None keeps nothing."""
        self.context = context
        self.step = 0
        """The step that the next call belongs to; the loop counts it."""
        self.booked = BookedCall()
        """The last call."""
        self._sent = 0.0
        """When its last attempt was sent, on the clock of `time.perf_counter`."""

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        """One whole answer: a stream that is read to its end, so that both ways are metered alike."""
        async with self.request_stream(messages, model_settings, model_request_parameters) as stream:
            async for _ in stream:
                pass
            return stream.get()

    @asynccontextmanager
    async def request_stream(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
        run_context: Any = None,
    ) -> AsyncIterator[StreamedResponse]:
        """Open a stream, repeating what failed before its first content, and book it when it ends."""
        payload = egress.payload(messages, self.context.level, keep_metadata=self.context.in_process)
        most_output = (model_settings or {}).get("max_tokens") or MOST_OUTPUT
        out = Outgoing(payload, model_request_parameters, egress.digest(payload), most_output)
        self.booked = BookedCall(model=self.context.model)
        async with AsyncExitStack() as stack:
            attempt, stream = await self._open(stack, out, model_settings, run_context)
            ended: BaseException | None = None
            try:
                yield stream
            except failures.CAUGHT as error:
                ended = failures.explain(error, self.context.title, started=True)
                raise ended from error
            except BaseException as error:
                ended = error
                raise
            finally:
                self.booked.seconds = time.perf_counter() - self._sent
                # A stop must not lose the booking: the row is written even while we are cancelled.
                first = stream.time_to_first_chunk(self._sent)
                await asyncio.shield(self._settle(attempt, stream, out, ended, first))

    async def _open(
        self,
        stack: AsyncExitStack,
        out: Outgoing,
        settings: ModelSettings | None,
        run_context: Any,
    ) -> tuple[str, StreamedResponse]:
        """Open the stream; what failed before anything was generated is tried again, as another attempt."""
        while True:
            self.booked.attempts += 1
            attempt = await self._begin(out)
            self._sent = time.perf_counter()
            failpoints.passed("call.send.before")
            try:
                call = self.wrapped.request_stream(out.payload, settings, out.parameters, run_context)
                stream = await stack.enter_async_context(call)
                failpoints.passed("call.send.after")
                await self._reached(attempt, out)
            except failures.CAUGHT as error:
                explained = failures.explain(error, self.context.title, started=False)
                pause = failures.retryable(explained, attempt=self.booked.attempts)
                last = pause is None or self.booked.attempts > RETRIES or pause > LONGEST_WAIT
                await asyncio.shield(self._refused(attempt, out, explained, last=last))
                if pause is None or last:
                    raise explained from error
                logger().info("model call repeated", code=explained.code, seconds=pause)
                await asyncio.sleep(pause)
            except BaseException as error:
                # Stopped while waiting for the first byte: the provider may bill what it has read.
                await asyncio.shield(self._given_up(attempt, out, _code(error)))
                raise
            else:
                return attempt, stream

    async def _reached(self, attempt: str, out: Outgoing) -> None:
        """The provider has begun to answer: if this process dies now, its input was billed all the same."""
        if not self.context.in_process:
            await self.ledger.checkpoint(attempt, out.estimate)

    async def _refused(self, attempt: str, out: Outgoing, error: ProviderError, *, last: bool) -> None:
        """Close an attempt that brought nothing: void when the provider said no, or was never reached."""
        unsent = bool(error.detail.get("unsent"))
        if "status" in error.detail or unsent:
            await self.ledger.void(attempt, error.code)
        else:
            await self._unanswered(attempt, out, error.code)
        if last and not unsent:
            await self._keep(attempt, out)

    async def _given_up(self, attempt: str, out: Outgoing, code: str) -> None:
        await self._unanswered(attempt, out, code)
        await self._keep(attempt, out)

    async def _unanswered(self, attempt: str, out: Outgoing, code: str) -> None:
        """Close an attempt whose fate at the provider nobody knows: its input may be billed."""
        here = self.context.in_process
        tokens = TokenUsage() if here else out.estimate
        await self.ledger.settle(attempt, tokens, estimated=not here, error_code=code)

    async def _keep(self, attempt: str, out: Outgoing) -> None:
        """Keep what was sent, so that the user can see it. After the booking: a call never waits for it."""
        if self.payloads is not None:
            await self.payloads.keep(self.context.run_id, self.context.agent, out.sent(attempt, self.context))

    async def _begin(self, out: Outgoing) -> str:
        """Write the attempt down before anything is sent. Stopped meanwhile, it is void."""
        at_most = TokenUsage() if self.context.in_process else out.at_most()
        opening = asyncio.ensure_future(self.ledger.open(self._attempt(out), at_most))
        try:
            opened = await asyncio.shield(opening)
        except asyncio.CancelledError:
            await self.ledger.void((await opening).id, "stopped")
            raise
        self.booked.attempt_id, self.booked.warnings = opened.id, opened.warnings
        return opened.id

    def _attempt(self, out: Outgoing) -> NewAttempt:
        about = self.context
        return NewAttempt(
            principal_id=about.principal_id,
            chat_id=about.chat_id,
            run_id=about.run_id,
            step=self.step,
            agent=about.agent,
            provider=about.provider,
            model=about.model,
            purpose=about.purpose,
            egress_level=about.level,
            request_digest=out.digest,
            notebook=about.notebook,
        )

    async def _settle(
        self,
        attempt: str,
        stream: StreamedResponse,
        out: Outgoing,
        ended: BaseException | None,
        first: float | None,
    ) -> None:
        """Book what was really received; an estimate says that it is one."""
        failpoints.passed("call.settle.before")
        response = stream.get()
        booked, complete = self.booked, ended is None and response.state == "complete"
        reported = tokens_of(response.usage, complete=complete)
        if self.context.in_process:
            booked.tokens = reported or TokenUsage()
        else:
            booked.estimated = reported is None or not complete
            booked.tokens = reported if reported and complete else estimate(out.payload, [response], reported)
        booked.model = response.model_name or self.context.model
        closed = await self.ledger.settle(
            attempt,
            booked.tokens,
            model_answered=response.model_name,
            estimated=booked.estimated,
            error_code=_code(ended) if ended else None,
            first_token_ms=None if first is None else round(first * 1000),
            latency_ms=round(booked.seconds * 1000),
        )
        booked.cost_pusd, booked.warnings = closed.cost_pusd, closed.warnings or booked.warnings
        failpoints.passed("call.settle.after")
        await self._keep(attempt, out)

    def _closed(self, *_: Any, **__: Any) -> Never:
        raise Refused("This way to a provider is closed: every model call goes through the ledger.")

    async def count_tokens(self, *args: Any, **kwargs: Any) -> Never:
        """Closed: a request that the ledger would not see."""
        self._closed()

    async def compact_messages(self, *args: Any, **kwargs: Any) -> Never:
        """Closed: a request that the ledger would not see."""
        self._closed()

    async def cancel_suspended_response(self, *args: Any, **kwargs: Any) -> Never:
        """Closed: nothing of ours is ever suspended at a provider."""
        self._closed()

    async def batch_encode(self, *args: Any, **kwargs: Any) -> Never:
        """Closed: batches would not pass the ledger."""
        self._closed()

    batch_create = batch_status = batch_results = batch_cancel = batch_encode


def _code(ended: BaseException) -> str:
    return ended.code if isinstance(ended, AnalystError) else "stopped"
