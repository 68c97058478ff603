"""The scripted model: a model in the process that does exactly what it is told, errors included."""

import asyncio
import json
from pathlib import Path

import pytest
from pydantic_ai import Agent
from pydantic_ai.messages import ModelRequest, ToolReturnPart, UserPromptPart

from autoanalyst_ext.errors import (
    BadRequest,
    KeyRejected,
    ModelUnavailable,
    ProviderDown,
    ProviderError,
    RateLimited,
    StreamCut,
)
from autoanalyst_ext.providers import failures
from autoanalyst_ext.providers.registry import ProviderRegistry
from autoanalyst_ext.providers.script import Fault, Match, Reply, Script, ScriptedCall, read_script
from autoanalyst_ext.providers.scripted import ScriptedModel
from autoanalyst_ext.types.runs import ModelSettings
from autoanalyst_ext.types.usage import TokenUsage

from .talk import Heard, answered, hear


def ask(model: ScriptedModel, question: str = "Hi") -> Heard:
    return asyncio.run(hear(model, [ModelRequest.user_text_prompt(question)]))


def test_reply_k_answers_request_k_and_then_the_script_is_over() -> None:
    model = ScriptedModel([Reply(text="one"), Reply(text=("tw", "o"))])
    assert ask(model).text == "one"
    assert ask(model).pieces == ["tw", "o"]
    with pytest.raises(ProviderError, match="no reply to request 3"):
        ask(model)


def test_a_match_answers_whenever_it_fits_and_uses_up_nothing() -> None:
    model = ScriptedModel([Reply(text="default"), Reply(text="mean!", match=Match(user="mean"))])
    assert ask(model, "the mean?").text == "mean!"
    assert ask(model, "the mean?").text == "mean!"
    assert ask(model, "hello").text == "default"


def test_a_tool_call_its_result_and_metadata_that_stays_in_the_process() -> None:
    call = ScriptedCall(name="run_cell", args={"code": "1 + 1"})
    replies = [
        Reply(tool_calls=(call,), match=Match(has_tool_result=False)),
        Reply(text="Two.", match=Match(tool_result="2")),
    ]
    model = ScriptedModel(replies)
    first = ask(model)
    assert first.calls == [("run_cell", {"code": "1 + 1"})]
    second = asyncio.run(hear(model, answered(first, "2")))
    assert second.text == "Two."
    returned = model.requests[1][-1].parts[0]
    assert isinstance(returned, ToolReturnPart)
    assert returned.metadata == {"canary": "CANARY-7f3a"}
    prompt = model.requests[0][0].parts[0]
    assert isinstance(prompt, UserPromptPart)


def test_it_drives_a_whole_agent() -> None:
    call = ScriptedCall(name="double", args={"number": 21})
    model = ScriptedModel([Reply(tool_calls=(call,)), Reply(text="It is 42.")])
    agent = Agent(model)

    @agent.tool_plain
    def double(number: int) -> int:
        return number * 2

    assert asyncio.run(agent.run("Double 21")).output == "It is 42."
    assert len(model.requests) == 2


@pytest.mark.parametrize("usage", [None, TokenUsage(), TokenUsage(input_tokens=7, output_tokens=3)])
def test_usage_is_what_the_script_says(usage: TokenUsage | None) -> None:
    assert ask(ScriptedModel([Reply(text="x", usage=usage)])).tokens == usage


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, ProviderError),
        (401, KeyRejected),
        (402, ProviderError),
        (404, ModelUnavailable),
        (429, RateLimited),
        (500, ProviderDown),
        (503, ProviderDown),
        (529, ProviderDown),
    ],
)
def test_errors_are_the_same_as_a_providers(status: int, kind: type[ProviderError]) -> None:
    heard = ask(ScriptedModel([Reply(fault=Fault(kind="status", status=status, retry_after="3"))]))
    assert type(heard.error) is kind
    if status == 429:
        assert failures.retryable(heard.error) == 3


def test_a_cut_reply_gives_its_text_before_the_error() -> None:
    heard = ask(ScriptedModel([Reply(text=("one ", "two"), fault=Fault(kind="cut", after=1))]))
    assert heard.text == "one "
    assert type(heard.error) is StreamCut


def test_a_stalled_reply_can_be_cancelled() -> None:
    async def talk() -> None:
        model = ScriptedModel([Reply(text=("one ", "two"), fault=Fault(kind="stall", after=1))])
        task = asyncio.create_task(hear(model, [ModelRequest.user_text_prompt("Hi")]))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(task, 0.1)

    asyncio.run(talk())


def test_a_script_is_a_file_by_its_path(registry: ProviderRegistry, tmp_path: Path) -> None:
    path = tmp_path / "script.json"
    path.write_text(json.dumps({"replies": [{"text": "From a file."}]}))
    model = registry.resolve(f"scripted:{path}", settings=ModelSettings())
    assert isinstance(model, ScriptedModel)
    assert ask(model).text == "From a file."


@pytest.mark.parametrize(
    ("content", "says"),
    [("{", "not valid"), ('{"replies": [{"txt": "x"}]}', "replies.0.txt"), (None, "could not be read")],
)
def test_a_wrong_script_says_where(tmp_path: Path, content: str | None, says: str) -> None:
    path = tmp_path / "script.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(BadRequest, match=says):
        read_script(path)


def test_a_script_survives_json() -> None:
    script = Script(replies=(Reply(text=("a", "b"), usage=None, match=Match(user="q")),))
    assert Script.model_validate_json(script.model_dump_json()) == script
