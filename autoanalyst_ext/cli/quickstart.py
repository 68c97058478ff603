"""Which notebook JupyterLab opens first; in a folder without any, the quickstart, which is put there."""

from importlib import resources
from pathlib import Path

from ..datasets.beside import SAMPLE, sample_beside
from ..errors import BadRequest

QUICKSTART = "quickstart.ipynb"


def first_notebook(folder: Path, named: Path | None) -> Path | None:
    """The notebook that is named, else the quickstart where it is there or the folder has none, else none.

    Raises `BadRequest` for a name that is no notebook, and where the quickstart cannot be put.
    """
    if named is not None:
        return _checked(named)
    target = folder / QUICKSTART
    if target.exists():
        return target
    if any(folder.glob("*.ipynb")):
        return None
    sample = sample_beside(folder)
    bundled = resources.files("autoanalyst_ext") / "data" / QUICKSTART
    text = bundled.read_text(encoding="utf-8").replace(SAMPLE, sample.name)
    try:
        with target.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise BadRequest(f"The quickstart cannot be put into {folder}: {error.strerror}.") from error
    return target


def _checked(named: Path) -> Path:
    if named.suffix != ".ipynb":
        raise BadRequest(f"{named.name} is not a notebook's name. Name one that ends in .ipynb.")
    if not named.is_file():
        raise BadRequest(f"There is no notebook {named}. Without a name, the quickstart is opened.")
    return named.absolute()
