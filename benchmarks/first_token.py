"""What the analyst adds to a model call: time to the first token, and processor time per token.

A fake provider in a process of its own streams the same long answer, without a pause, to the bare SDKs and to
the analyst's whole path (a look at the kernel's tables, context, ledger, meter, references, events), which
take turns. Each question begins a chat of its own beside a small table in a warm kernel.

    python benchmarks/first_token.py [ROUNDS]
"""

import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

from traitlets.config import Config

from autoanalyst_ext.engine import Engine
from autoanalyst_ext.notebooks.headless import HeadlessNotebook
from autoanalyst_ext.providers.script import Match, Reply, Script
from autoanalyst_ext.types.events import TextDelta
from autoanalyst_ext.types.runs import Choices

ROOT = Path(__file__).parent.parent
KEY = "sk-fake-key"
WORDS = 2_000
MODELS = {"openai": "openai:gpt-4o-mini", "anthropic": "anthropic:claude-sonnet-4-6"}
PATHS = {"openai": "/v1", "anthropic": ""}

Timing = tuple[float, float]
"""Milliseconds to the first piece of text; microseconds of processor time per piece."""


@contextmanager
def provider(folder: Path) -> Iterator[str]:
    """The address of a fake provider in a process of its own."""
    words = tuple(f"word{n % 97} " for n in range(WORDS))
    (folder / "script.json").write_text(Script(replies=(Reply(text=words, match=Match()),)).model_dump_json())
    command = [sys.executable, "-m", "tests.fakes.provider", "--script", str(folder / "script.json")]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait(30)
        assert process.stdout is not None
        process.stdout.close()


async def timed(pieces: AsyncIterator[str]) -> Timing:
    """How a stream of text went."""
    begun, worked = time.perf_counter(), time.process_time()
    first, count = 0.0, 0
    async for piece in pieces:
        first = first or (time.perf_counter() - begun) * 1e3
        count += len(piece.split())
    assert count == WORDS, count
    return first, (time.process_time() - worked) * 1e6 / count


async def of_openai(address: str) -> AsyncIterator[str]:
    """The text of a stream of the bare SDK."""
    from openai import AsyncOpenAI

    async with AsyncOpenAI(api_key=KEY, base_url=address) as client:
        stream = await client.chat.completions.create(
            model="gpt-4o-mini", messages=[{"role": "user", "content": "Tell me"}], stream=True
        )
        async for chunk in stream:
            if chunk.choices and chunk.choices[0].delta.content:
                yield chunk.choices[0].delta.content


async def of_anthropic(address: str) -> AsyncIterator[str]:
    """The same of the other SDK."""
    from anthropic import AsyncAnthropic

    async with AsyncAnthropic(api_key=KEY, base_url=address) as client:
        message = [{"role": "user", "content": "Tell me"}]
        async with client.messages.stream(
            model="claude-sonnet-4-6",
            max_tokens=10_000,
            messages=message,  # type: ignore[arg-type]
        ) as stream:
            async for text in stream.text_stream:
                yield text


async def of_ours(engine: Engine, notebook: HeadlessNotebook, folder: Path, model: str) -> AsyncIterator[str]:
    """The text of an answer of the analyst."""
    chat = await engine.chats.create(engine.principal, "A benchmark")
    session = engine.chats.open(
        chat, principal=engine.principal, notebook=notebook, folder=folder, owned_kernel=False
    )
    async for event in session.ask("Tell me", choices=Choices(model=model)):
        if isinstance(event, TextDelta):
            yield event.text


BARE = {"openai": of_openai, "anthropic": of_anthropic}


async def main(rounds: int) -> None:
    """Print medians and what the analyst adds."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with provider(folder) as address:
            config = Config()
            config.ProviderRegistry.base_urls = {each: address + PATHS[each] for each in MODELS}
            config.KeyRing.keys = dict.fromkeys(MODELS, KEY)
            home = {"data_dir": name, "database_url": f"sqlite:///{name}/bench.db"}
            async with Engine(config=config, **home) as engine, HeadlessNotebook.start(folder) as notebook:
                loading = await notebook.insert(
                    "import pandas as pd\nsales = pd.DataFrame({'price': [1, 2]})"
                )
                async for _ in notebook.execute(loading.id):
                    pass
                for each, model in MODELS.items():
                    bare: list[Timing] = []
                    ours: list[Timing] = []
                    for _ in range(rounds + 2):
                        bare.append(await timed(BARE[each](address + PATHS[each])))
                        ours.append(await timed(of_ours(engine, notebook, folder, model)))
                    report(each, bare[2:], ours[2:])


def report(name: str, bare: list[Timing], ours: list[Timing]) -> None:
    """One line: first token, and processor time per token."""
    (first, cost), (our_first, our_cost) = (
        tuple(statistics.median(column) for column in zip(*times, strict=True)) for times in (bare, ours)
    )
    print(
        f"{name:>9}: first token {first:.1f} ms bare, {our_first:.1f} ms ours (+{our_first - first:.1f}); "
        f"processor {cost:.0f} us a token bare, {our_cost:.0f} us ours ({our_cost / cost:.2f} times)"
    )


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 9))
