"""The wire: `schema/` says what the types say."""

from pathlib import Path

from autoanalyst_ext.schema import schemas

FOLDER = Path(__file__).parents[2] / "schema"


def test_the_schema_files_are_what_the_types_say() -> None:
    written = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.json")}
    assert written == schemas(), "run `make schema` and commit what changed"
