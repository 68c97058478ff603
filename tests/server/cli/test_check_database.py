"""What `autoanalyst check` says of a database and of the chats in it, each fault planted for real."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from traitlets.config import Config

from autoanalyst_ext.cli.check import chats, database
from autoanalyst_ext.cli.check.finding import Finding, Scene
from autoanalyst_ext.engine import Engine
from autoanalyst_ext.store.attempts import NewAttempt
from autoanalyst_ext.store.chats import Chats
from autoanalyst_ext.store.database import Database
from autoanalyst_ext.store.runs import Runs
from autoanalyst_ext.store.schema import SCHEMA
from autoanalyst_ext.usage.ledger import Ledger
from autoanalyst_ext.usage.owner import this_process
from tests.server.store.conftest import at_revision, free_port, on
from tests.server.store.test_chats import a_run
from tests.server.store.test_consistency import a_question_and_its_answer, let_loose

ANN = "os:ann"


def looked(url: str, *, fix: bool = False) -> list[Finding]:
    """What is found in the database at `url`."""

    async def scene() -> list[Finding]:
        async with Engine(config=Config({"Engine": {"database_url": url}})) as engine:
            scene = Scene(engine, fix=fix)
            found = [finding async for finding in database.look(scene)]
            return found + [finding async for finding in chats.look(scene)]

    return asyncio.run(scene())


def problems(url: str, **options: bool) -> dict[str, Finding]:
    """The problems, by name."""
    return {found.name: found for found in looked(url, **options) if found.status == "problem"}


@pytest.fixture(autouse=True)
def a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For the log."""
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))


def changed(url: str, *statements: str) -> None:
    """Change a database past all that guards it."""
    with let_loose(url) as connection:
        for statement in statements:
            connection.execute(text(statement))
        connection.commit()


def test_a_good_database_has_no_problem_and_is_only_looked_at(play: Any, url: str) -> None:
    play(a_question_and_its_answer)
    found = {finding.name: finding for finding in looked(url)}
    assert {finding.status for finding in found.values()} == {"ok"}
    assert found["stored"].words == "1 chat, 1 question, 1 model call"
    assert found["schema"].words.startswith(SCHEMA)


def test_sums_that_do_not_agree_are_said_with_the_command_that_makes_them_anew(play: Any, url: str) -> None:
    play(a_question_and_its_answer)
    changed(url, "UPDATE call_sums SET requests = 9 WHERE dimension = 'model'")
    found = problems(url)["sums"]
    assert "Days whose sums (model) are not those of their model calls: 1" in found.words
    assert found.command == "autoanalyst db rebuild-rollups"


def test_a_database_that_is_not_made_yet_is_fine_and_is_not_made(sqlite_url: str) -> None:
    assert problems(sqlite_url) == {}
    assert not Path(sqlite_url.removeprefix("sqlite:///")).parent.exists()


def test_an_older_schema_is_named_and_left_as_it_is(url: str) -> None:
    at_revision(url, "0001")
    for _ in range(2):
        found = problems(url)["schema"]
        assert "schema 0001" in found.words
        assert found.command == "autoanalyst db upgrade"


def test_a_newer_schema_asks_for_a_newer_program(play: Any, url: str) -> None:
    play(a_question_and_its_answer)
    changed(url, "UPDATE autoanalyst_version SET version_num = '9999'")
    (found,) = problems(url).values()
    assert "newer AutoAnalyst" in found.words
    assert found.command == "pip install -U autoanalyst-ext"


def test_tables_of_another_program_are_named(url: str) -> None:
    if url.startswith("sqlite"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir()
    changed(url, "CREATE TABLE chats (id INTEGER)")
    assert "Another program's tables are there (chats)." in [found.words for found in problems(url).values()]


def test_a_schema_that_lacks_something_is_found(play: Any, url: str) -> None:
    play(a_question_and_its_answer)
    changed(url, "ALTER TABLE runs DROP COLUMN notebook", "DROP TABLE feedback")
    (found,) = problems(url).values()
    assert found.words == "It lacks feedback, runs.notebook."


def test_a_damaged_file_is_found(sqlite_url: str) -> None:
    on(sqlite_url, a_question_and_its_answer)
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    whole = bytearray(file.read_bytes())
    page = 4096
    whole[page * 3 : page * 6] = b"\xff" * page * 3
    file.write_bytes(whole)
    found = problems(sqlite_url)["reading"]
    assert "damaged" in found.words
    assert "autoanalyst db backup" in found.words + found.remedy


def test_a_file_that_is_no_database_is_found(sqlite_url: str) -> None:
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    file.parent.mkdir()
    file.write_text("city,revenue\n" * 100)
    assert "is not a database" in problems(sqlite_url)["reading"].words


def test_a_place_where_no_file_can_be_is_found(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    found = problems(f"sqlite:///{tmp_path}/notes.txt/autoanalyst.db")["folder"]
    assert "notes.txt is not a folder" in found.words
    assert "AUTOANALYST_DATABASE_URL" in found.remedy


def test_an_address_that_means_nothing_is_found() -> None:
    assert "names mysql" in problems("mysql://somewhere/a")["place"].words


def test_a_network_file_system_and_a_full_disk_are_found(tmp_path: Path) -> None:
    (found,) = database.network(tmp_path / "a.db", "nfs4")
    assert "network file system (nfs4)" in found.words
    assert list(database.network(tmp_path / "a.db", "ext4")) == []
    states = [database.space(tmp_path, free).status for free in (50 * 2**20, 500 * 2**20, 5 * 2**30)]
    assert states == ["problem", "note", "ok"]


def test_rights_of_others_are_found_and_taken_away(sqlite_url: str) -> None:
    on(sqlite_url, a_question_and_its_answer)
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    file.chmod(0o644)
    (found,) = [each for each in looked(sqlite_url) if each.name == "rights"]
    assert (found.status, found.command) == ("problem", f"chmod 600 {file}")
    file.chmod(0o640)
    (mended,) = [each for each in looked(sqlite_url, fix=True) if each.name == "rights"]
    assert mended.status == "fixed"
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_server_that_is_not_there_is_found() -> None:
    found = problems(f"postgresql://ann:secret@127.0.0.1:{free_port()}/analyst")["reading"]
    assert "cannot be reached" in found.words
    assert "secret" not in found.words


def test_a_server_that_takes_no_rows_is_found(postgres_url: str) -> None:
    on(postgres_url, a_question_and_its_answer)
    found = problems(f"{postgres_url}%20-cdefault_transaction_read_only%3Don")["writing"]
    assert "read-only" in found.words


def test_rows_that_do_not_fit_are_named_with_their_number(play: Any, url: str) -> None:
    play(a_question_and_its_answer)
    changed(url, "DELETE FROM messages", "UPDATE attempts SET input_tokens = -5")
    words = [found.words for found in looked(url) if found.status == "problem"]
    assert any(each.startswith("Runs without their question: 1 (") for each in words), words
    assert any(each.startswith("Model calls with a figure below zero: 1 (") for each in words), words
    assert any("Rows of 'feedback' whose row in 'messages' is not there" in each for each in words), words


async def left_open(data: Database) -> tuple[str, str, str]:
    """A run and a model call of a process that has ended, and a run of this one."""
    ended = this_process().model_copy(update={"start": "0"})
    store, ledger = Runs(data), Ledger(data)
    chat = await Chats(data).create(ANN, "sales")
    ids = []
    for owner in (ended, this_process()):
        question = await Chats(data).append(ANN, chat.id, "user", "How many?")
        more = {"question_id": question.id, "owner": owner}
        ids.append((await store.start(ANN, a_run(chat.id).model_copy(update=more))).id)
    call = (await ledger.open(NewAttempt(provider="openai", model="gpt-4o", principal_id=ANN))).id
    await data.write(lambda connection: connection.execute(text("UPDATE attempts SET owner_start = '0'")))
    return ids[0], ids[1], call


def test_what_a_program_that_has_ended_left_open_is_found_then_closed(play: Any, url: str) -> None:
    dead, alive, call = play(left_open)
    found = problems(url)
    assert set(found) == {"open runs", "open calls"}
    assert found["open runs"].words.startswith("1 run still open")
    assert found["open runs"].words.endswith(dead)
    assert found["open calls"].words.endswith(call)
    assert {each.command for each in found.values()} == {"autoanalyst check --fix"}
    assert problems(url).keys() == found.keys(), "looking changes nothing"
    mended = [each.name for each in looked(url, fix=True) if each.status == "fixed"]
    assert mended == ["open runs", "open calls"]
    assert problems(url) == {}

    async def ends(data: Database) -> None:
        assert (await Runs(data).get(ANN, dead)).status == "interrupted"
        assert (await Runs(data).get(ANN, alive)).status == "running"
        assert (await Ledger(data).get(call)).state == "void"

    play(ends)


def test_a_chat_out_of_its_place_is_found_and_put_back(play: Any, url: str) -> None:
    play(a_question_and_its_answer)
    changed(url, "UPDATE chats SET active_at = 1")
    (found,) = problems(url).values()
    assert found.command == "autoanalyst check --fix"
    (mended,) = [each for each in looked(url, fix=True) if each.status == "fixed"]
    assert mended.words.startswith("1 chat put back")
    assert problems(url) == {}
