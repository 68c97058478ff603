"""A question where the kernel has no table yet: what it means is loaded by an ordinary cell."""

from pathlib import Path

import pytest

from autoanalyst_ext.store.run_events import RunEvents

from .panel_stage import PanelStage, at_a_panel

OFFLINE = "offline:analyst"
CITIES = "city,people\n" + "\n".join(f"town{n},{n * 10}" for n in range(1, 21)) + "\n"


def test_the_first_question_about_houses_loads_the_sample_and_is_answered(tmp_path: Path) -> None:
    async def scene(stage: PanelStage) -> None:
        page = stage.open()
        run = await stage.start("List top 10 houses by area", page, model=OFFLINE)
        told = [each["event"] for each in await page.hears_end(run)]
        loaded = told[0]
        assert (loaded["kind"], loaded["name"], loaded["path"]) == ("data_loaded", "housing", "housing.csv")
        assert told[1]["kind"] == "run_started"
        assert told[-1]["answer"]["status"] == "answered"
        assert (tmp_path / "work" / "housing.csv").exists()
        assert next(iter(page.hands.cells.values())) == loaded["source"]
        stored = (await RunEvents(stage.engine.database).of_runs([run]))[run]
        assert [event.kind for event in stored] == [e["kind"] for e in told if e["kind"] != "text_delta"]
        undone = await stage.runs.undo(stage.who, run)
        assert loaded["cell_id"] in undone.removed
        assert not page.hands.cells

    at_a_panel(tmp_path, scene, table="")


def test_the_loaded_table_is_the_users_and_later_questions_are_about_it(tmp_path: Path) -> None:
    async def scene(stage: PanelStage) -> None:
        page = stage.open()
        await stage.ask("List top 10 houses by area", page, model=OFFLINE)
        told = await stage.ask("Average price by furnishingstatus", page, model=OFFLINE)
        assert told[0]["event"]["kind"] == "run_started"
        assert told[-1]["event"]["answer"]["status"] == "answered"
        witness = await stage.engine.witnesses.get(stage.kernel)
        assert "housing" not in (await witness.look()).made

    at_a_panel(tmp_path, scene, table="")


def test_the_file_that_a_question_means_is_loaded_from_beside_the_notebook(tmp_path: Path) -> None:
    async def scene(stage: PanelStage) -> None:
        (tmp_path / "work" / "cities.csv").write_text(CITIES)
        (tmp_path / "work" / "other.csv").write_text("a,b\n1,2\n")
        page = stage.open()
        told = await stage.ask("What is the average people in cities?", page, model=OFFLINE)
        assert told[0]["event"]["path"] == "cities.csv"
        assert "105" in told[-1]["event"]["answer"]["answer"]

    at_a_panel(tmp_path, scene, table="")


def test_a_file_that_is_named_is_loaded_once_where_there_is_another_table(tmp_path: Path) -> None:
    async def scene(stage: PanelStage) -> None:
        (tmp_path / "work" / "cities.csv").write_text(CITIES)
        page = stage.open()
        await stage.ask("List top 10 houses by area", page, model=OFFLINE)
        told = await stage.ask("What is the average people in cities.csv?", page, model=OFFLINE)
        assert told[0]["event"]["path"] == "cities.csv"
        assert "105" in told[-1]["event"]["answer"]["answer"]
        told = await stage.ask("What is the median people in cities.csv?", page, model=OFFLINE)
        assert told[0]["event"]["kind"] == "run_started"
        assert told[-1]["event"]["answer"]["status"] == "answered"

    at_a_panel(tmp_path, scene, table="")


def test_a_file_that_is_not_named_in_full_is_not_loaded_beside_a_table(tmp_path: Path) -> None:
    async def scene(stage: PanelStage) -> None:
        (tmp_path / "work" / "cities.csv").write_text(CITIES)
        page = stage.open()
        await stage.ask("List top 10 houses by area", page, model=OFFLINE)
        told = await stage.ask("What is the average people in cities?", page, model=OFFLINE)
        assert told[0]["event"]["kind"] == "run_started"
        assert told[-1]["event"]["answer"]["status"] == "abstained"

    at_a_panel(tmp_path, scene, table="")


def test_data_that_cannot_be_loaded_refuses_the_question_with_the_cells_own_error(tmp_path: Path) -> None:
    async def scene(stage: PanelStage) -> None:
        (tmp_path / "work" / "cities.parquet").write_bytes(b"PAR1" + b"\0" * 100)
        page = stage.open()
        told = await stage.ask("How many cities?", page, model=OFFLINE)
        assert told[-1]["kind"] == "refused"
        assert told[-1]["code"] == "data_unreadable"
        assert told[-1]["message"].startswith("cities.parquet could not be loaded.")
        assert not (await stage.engine.chats.messages(stage.who, stage.chat)).messages

    at_a_panel(tmp_path, scene, table="")


@pytest.mark.parametrize("mode", ["suggest", "ask"])
def test_where_code_needs_a_yes_nothing_is_loaded_by_itself(tmp_path: Path, mode: str) -> None:
    async def scene(stage: PanelStage) -> None:
        page = stage.open()
        told = await stage.ask("List top 10 houses by area", page, model=OFFLINE, mode=mode)
        assert told[0]["event"]["kind"] == "run_started"
        assert not page.hands.cells

    at_a_panel(tmp_path, scene, table="")


def test_a_question_that_cannot_begin_loads_nothing(tmp_path: Path) -> None:
    async def scene(stage: PanelStage) -> None:
        page = stage.open()
        (refused,) = await stage.ask("List top 10 houses by area", page, model="nowhere:big")
        assert refused["code"] == "unknown_model"
        assert not page.hands.cells

    at_a_panel(tmp_path, scene, table="")
