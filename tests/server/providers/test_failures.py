"""What is said of a failure, and what is tried again."""

import httpx
import httpx2
import pytest
from pydantic_ai import exceptions as pai

from autoanalyst_ext.errors import ProviderDown, ProviderError, ProviderTimeout, StreamCut
from autoanalyst_ext.providers import failures
from autoanalyst_ext.providers.failures import explain, retryable

RAW: list[tuple[Exception, type[ProviderError], bool]] = [
    (httpx.ConnectError("refused"), ProviderDown, True),
    (httpx2.ConnectError("refused"), ProviderDown, True),
    (httpx2.ConnectTimeout("slow"), ProviderDown, True),
    (httpx.ReadTimeout("slow"), ProviderTimeout, False),
    (httpx2.ReadError("reset"), StreamCut, False),
    (httpx2.RemoteProtocolError("incomplete"), StreamCut, False),
    (pai.ModelConnectionError("m", "x", phase="pool"), ProviderDown, True),
    (pai.ModelConnectionError("m", "x", phase="write"), StreamCut, False),
    (pai.ModelRequestTimeout("m", 3.0), ProviderTimeout, False),
    (pai.ModelAPIError("m", "Expected a JSON response, got: QUOTED"), ProviderError, False),
    (pai.UnexpectedModelBehavior("QUOTED"), StreamCut, False),
    (pai.ContentFilterError("QUOTED"), ProviderError, False),
]


@pytest.mark.parametrize(("error", "kind", "again"), RAW, ids=lambda case: type(case).__name__)
def test_what_the_libraries_raise_is_one_of_our_errors(
    error: Exception, kind: type[ProviderError], again: bool
) -> None:
    assert isinstance(error, failures.CAUGHT)
    explained = explain(error, "Anthropic", started=False)
    assert type(explained) is kind
    assert "Anthropic" in str(explained)
    assert "QUOTED" not in str(explained)
    assert (retryable(error) is not None) == again == (retryable(explained) is not None)


def test_nothing_is_tried_again_once_content_has_arrived() -> None:
    error = pai.ModelHTTPError.for_category(
        pai.ModelRateLimitError, status_code=429, model_name="m", body=None
    )
    assert retryable(explain(error, "Groq", started=False)) is not None
    assert retryable(explain(error, "Groq", started=True)) is None


def test_an_exhausted_account_is_not_waited_for() -> None:
    error = pai.ModelHTTPError.for_category(
        pai.ModelQuotaExceededError, status_code=429, model_name="m", body=None, retry_after=1
    )
    explained = explain(error, "OpenAI", started=False)
    assert "credit is used up" in str(explained)
    assert retryable(explained) is None


def test_waits_grow_and_stay_within_the_limit() -> None:
    error = explain(httpx2.ConnectError("refused"), "Groq", started=False)
    waits = [retryable(error, attempt=attempt) for attempt in (1, 2, 3, 20)]
    assert waits == [1, 2, 4, failures.LONGEST_WAIT]
