"""A stream may break off at any byte: it ends as whole or as cut, never otherwise and never not at all."""

import asyncio

from .cutting import SHORT, cut_everywhere


def test_a_stream_cut_after_any_byte_is_whole_or_cut() -> None:
    asyncio.run(asyncio.wait_for(cut_everywhere("openai", SHORT, reset=False), 60))
