"""The relays of a server, when it stops."""

import asyncio
from pathlib import Path

import pytest

from autoanalyst_ext.engine import Engine
from autoanalyst_ext.errors import BadRequest, Refused
from autoanalyst_ext.handlers import relays
from autoanalyst_ext.handlers.loader import EngineLoader
from autoanalyst_ext.handlers.relays import RelayManager

from ..jupyter import HELLO

HELLO_TEXT = str(HELLO).replace("'", '"')


def _loader(folder: Path, **traits: object) -> EngineLoader:
    kept = {"data_dir": str(folder), "database_url": f"sqlite:///{folder}/test.db"}
    return EngineLoader(lambda: Engine(**kept, **traits))


def test_a_client_that_reads_no_more_does_not_hold_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relays, "LAST_WORDS_SECONDS", 0.1)

    async def scene() -> None:
        loader, told = _loader(tmp_path), asyncio.Event()
        manager = RelayManager(loader)

        async def tell(_: str) -> None:
            told.set()
            await asyncio.Event().wait()  # for ever

        relay = await manager.open(tell)
        await relay.take(HELLO_TEXT)
        await told.wait()
        await asyncio.wait_for(manager.close(), 30)
        await asyncio.wait_for(loader.close(), 30)

    asyncio.run(scene())


async def _nobody(_: str) -> None:
    raise AssertionError("told")


def test_a_server_that_stops_lets_nobody_in(tmp_path: Path) -> None:
    async def scene() -> None:
        loader = _loader(tmp_path)
        await loader.close()
        with pytest.raises(Refused, match="is stopping"):
            await RelayManager(loader).open(_nobody)

    asyncio.run(scene())


@pytest.mark.parametrize(
    ("traits", "words"),
    [({"mode": "yolo"}, "'mode'"), ({"rules": {"modls": 1}}, "modls Extra inputs are not permitted")],
)
def test_a_setting_that_makes_no_sense_is_said(tmp_path: Path, traits: dict[str, object], words: str) -> None:
    async def scene() -> None:
        loader = _loader(tmp_path, **traits)
        with pytest.raises(BadRequest, match=words):
            await RelayManager(loader).open(_nobody)
        await loader.close()

    asyncio.run(scene())
