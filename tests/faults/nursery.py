"""A process that forks children which make metered model calls, until they are done or killed.

Reads jobs as JSON lines; says for each the child's process id and, after another line, its exit status.
"""

import asyncio
import json
import os
import signal
import sys
from collections import Counter
from typing import Any

from pydantic_ai.messages import ModelMessage, ModelRequest
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.settings import ModelSettings as CallSettings

from autoanalyst_ext import failpoints
from autoanalyst_ext.providers.keys import KeyRing
from autoanalyst_ext.providers.registry import ProviderRegistry
from autoanalyst_ext.store.database import Database
from autoanalyst_ext.types.runs import ModelSettings
from autoanalyst_ext.usage.call import CallContext
from autoanalyst_ext.usage.ledger import Ledger
from autoanalyst_ext.usage.meter import MeteredModel
from autoanalyst_ext.usage.prices import PriceBook
from tests.fakes.provider import KEY

MODEL = "gpt-4o"
PRICES = PriceBook()


def die_at(point: str, nth: int) -> None:
    """End this process, as the kernel's killer would, when a point is passed for the `nth` time."""
    passed: Counter[str] = Counter()

    def watch(name: str) -> None:
        passed[name] += 1
        if name == point and passed[name] == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    failpoints.watch(watch)


async def spend(job: dict[str, Any]) -> None:
    """Make the job's calls, four at a time; write down each that was acknowledged."""
    database = Database(job["url"])
    ledger = Ledger(database, PRICES)
    registry = ProviderRegistry(base_urls={"openai": job["base_url"]}, keys=KeyRing(keys={"openai": KEY}))
    model = registry.resolve(f"openai:{MODEL}", settings=ModelSettings(timeout_seconds=20))
    numbers = iter(range(job["calls"]))
    acknowledged = os.open(job["file"], os.O_APPEND | os.O_CREAT | os.O_WRONLY)

    async def worker() -> None:
        for number in numbers:
            name = f"{job['name']}-{number}"
            about = CallContext(
                principal_id="os:ann", chat_id="chat", run_id=name, agent="planner", provider="openai",
                model=MODEL, title="OpenAI", in_process=False, level="names",
            )  # fmt: skip
            metered = MeteredModel(model, ledger=ledger, context=about)
            asked: list[ModelMessage] = [ModelRequest.user_text_prompt(f"Call <{name}>")]
            await metered.request(asked, CallSettings(max_tokens=100), ModelRequestParameters())
            os.write(acknowledged, f"{name} {metered.booked.cost_pusd}\n".encode())

    async with model:
        await asyncio.gather(*(worker() for _ in range(4)))
    await database.close()


def child(job: dict[str, Any]) -> None:
    """Do a job and end."""
    sys.stdin.close()
    if job.get("point"):
        die_at(job["point"], job["nth"])
    asyncio.run(spend(job))


def main() -> None:
    """Serve jobs until there are no more."""
    PRICES.load()
    while line := sys.stdin.readline():
        job = json.loads(line)
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                child(job)
                status = 0
            finally:
                os._exit(status)
        print(pid, flush=True)  # noqa: T201 - the answer
        # Until it is asked for, nobody takes note of the end: so the id stays the child's.
        sys.stdin.readline()
        _, how = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(how), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
