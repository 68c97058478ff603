"""One reply, cut after each of its bytes in turn."""

from typing import Any

from pydantic_ai.messages import ModelRequest

from autoanalyst_ext.errors import StreamCut
from autoanalyst_ext.providers.keys import KeyRing
from autoanalyst_ext.providers.registry import ProviderRegistry
from autoanalyst_ext.providers.script import Fault, Reply, ScriptedCall
from autoanalyst_ext.types.runs import ModelSettings
from autoanalyst_ext.types.usage import TokenUsage
from tests.fakes.provider import KEY, FakeProvider

from .talk import MODEL, hear

TEXT = "Mittel: 4,2 €"
REPLY = Reply(
    text=TEXT,
    tool_calls=(ScriptedCall(name="run_cell", args={"code": "1"}),),
    usage=TokenUsage(input_tokens=10, output_tokens=5),
)

SHORT = REPLY.model_copy(update={"tool_calls": ()})


async def cut_everywhere(provider: str, whole_reply: Reply, *, reset: bool) -> None:
    """Cut the same reply after each of its bytes."""
    where = -1

    def reply(_: Any) -> Reply:
        fault = Fault(kind="cut", after=where, reset=reset) if where >= 0 else None
        return whole_reply.model_copy(update={"fault": fault})

    owner = "openai" if provider == "openai-responses" else provider
    async with FakeProvider(reply) as fake:
        registry = ProviderRegistry(
            base_urls={provider: fake.base_url(provider)}, keys=KeyRing(keys={owner: KEY})
        )
        model = registry.resolve(f"{provider}:{MODEL}", settings=ModelSettings(timeout_seconds=20))
        async with model:
            whole = await hear(model, [ModelRequest.user_text_prompt("Hi")])
            served = (await fake.settled(1))[0].served
            assert whole.error is None
            assert served is not None
            for where in range(served.bytes_sent + 1):
                heard = await hear(model, [ModelRequest.user_text_prompt("Hi")])
                assert heard.error is None or type(heard.error) is StreamCut, (where, heard)
                assert TEXT.startswith(heard.text), (where, heard)
                if heard.error is None:
                    assert heard.text == TEXT, (where, heard)
                    assert heard.calls == whole.calls, (where, heard)
