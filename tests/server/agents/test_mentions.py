"""Mentions: who a question names, and what is left of it."""

import pytest

from autoanalyst_ext.agents.mentions import Mentions, parse
from autoanalyst_ext.agents.registry import AgentRegistry
from autoanalyst_ext.errors import UnknownAgent

REGISTRY = AgentRegistry()


def read(text: str, tables: tuple[str, ...] = ()) -> Mentions:
    return parse(text, tables=tables, is_agent=REGISTRY.knows)


@pytest.mark.parametrize(
    ("text", "agents", "question"),
    [
        (
            "@statistical_analyst_agent What is the average price of houses in the dataset?",
            ("statistical_analyst_agent",),
            "What is the average price of houses in the dataset?",
        ),
        (
            "@data_viz_agent @sk_learn_agent cluster the houses",
            ("data_viz_agent", "sk_learn_agent"),
            "cluster the houses",
        ),
        ("Clean it @preprocessing_agent, please", ("preprocessing_agent",), "Clean it , please"),
        ("(@data_viz_agent) draw", ("data_viz_agent",), "() draw"),
        ("@data_viz_agent draw, @Data_Viz_Agent!", ("data_viz_agent",), "draw, !"),
        ("mail bob@example.com", (), "mail bob@example.com"),
        ("mail @bob@example.social", (), "mail @bob@example.social"),
        ("the address bob.smith@data_viz_agent.org", (), "the address bob.smith@data_viz_agent.org"),
        ("```python\n@data_viz_agent\ndef f(): ...\n```\nwhat does it do", (), None),
        ("`@data_viz_agent` is what?", (), "`@data_viz_agent` is what?"),
        ("~~~\n@sk_learn_agent\n~~~ ok", (), None),
        ("answer as @mean_price[mean], @rows[count]", (), "answer as @mean_price[mean], @rows[count]"),
        ("@data_viz_agent answer as @mean[m]", ("data_viz_agent",), "answer as @mean[m]"),
        ("nothing at all", (), "nothing at all"),
    ],
)
def test_mentions_are_found_and_taken_out(text: str, agents: tuple[str, ...], question: str | None) -> None:
    found = read(text)
    assert found.agents == agents
    assert found.question == (text if question is None else question)


def test_a_mentioned_table_stays_in_the_question_by_its_name() -> None:
    found = read("@statistics_agent mean of price in @housing", tables=("housing",))
    assert found == Mentions(agents=("statistics_agent",), question="mean of price in housing")


def test_an_alias_means_the_agent_in_any_letter_case() -> None:
    assert REGISTRY.get("Statistical_Analyst_Agent").name == "statistical_analytics_agent"


def test_an_unknown_agent_is_answered_with_the_nearest_name() -> None:
    with pytest.raises(UnknownAgent, match="Did you mean @data_viz_agent"):
        REGISTRY.get("data_vis_agent")


def test_an_agent_like_no_other_is_answered_with_all_names() -> None:
    with pytest.raises(UnknownAgent, match="There are: @planner, @preprocessing_agent"):
        REGISTRY.get("nope")


def test_names_and_aliases_are_unique_and_every_agent_has_instructions() -> None:
    names = [name for agent in REGISTRY.all() for name in (agent.name, *agent.aliases)]
    assert len(names) == len(set(names))
    for agent in REGISTRY.all():
        assert len(agent.instructions) > 500
        assert agent.instructions.startswith(REGISTRY.all()[0].instructions[:400])
