"""Every request is answered, however closely requests and replies cross on the wire."""

import asyncio
from pathlib import Path

from autoanalyst_ext.notebooks.kernel import Kernel
from autoanalyst_ext.notebooks.request import REPORT


def test_no_reply_is_left_unread_when_it_crosses_a_request(tmp_path: Path) -> None:
    async def work() -> None:
        kernel = await Kernel.start(tmp_path)
        try:
            for _ in range(60):
                crossing = [
                    kernel.send("", expressions={REPORT: "1"}, silent=True, seconds=20) for _ in range(4)
                ]
                await asyncio.sleep(0.001)
                crossing.append(kernel.send("", expressions={REPORT: "2"}, silent=True, seconds=20))
                await asyncio.wait_for(asyncio.gather(*(each.ended for each in crossing)), 4)
                assert all(each.reply is not None for each in crossing)
        finally:
            await kernel.end()

    asyncio.run(work())
