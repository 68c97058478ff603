"""Every byte of a reply of every dialect, closed or reset: more than sixteen thousand cuts."""

import asyncio

import pytest

from tests.server.providers.cutting import REPLY, cut_everywhere

pytestmark = pytest.mark.soak


@pytest.mark.parametrize("reset", [False, True], ids=["closed", "reset"])
@pytest.mark.parametrize("provider", ["openai", "openai-responses", "anthropic", "groq"])
def test_a_stream_of_any_dialect_cut_after_any_byte_is_whole_or_cut(provider: str, reset: bool) -> None:
    asyncio.run(asyncio.wait_for(cut_everywhere(provider, REPLY, reset=reset), 300))
