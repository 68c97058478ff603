"""The pictures of the README, taken from the real JupyterLab: `python -m docs.pictures` from the root.

The harness of the browser tests starts a JupyterLab in an empty home with the quickstart, and the offline
analyst answers. The clip keeps the true times; a picture that did not change is not kept twice.
"""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.ui.browser import FLAGS, INSTALL, executable
from tests.ui.lab import SECONDS, Lab, open_page, run, running_lab
from tests.ui.panel import Panel

IMAGES = Path(__file__).parent / "images"
BUNDLED = Path(__file__).parents[1] / "autoanalyst_ext" / "data"
QUICKSTART = "quickstart.ipynb"
QUESTIONS = ("Average price by furnishingstatus as a bar chart", "List top 10 houses by area")
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}

CLIP_WIDTH = 960
HOLD_MS = 4000
"""How long the clip shows its end before it begins again."""
LONGEST = 60
"""Seconds after which the clip gives up waiting for the answer."""
ANSWERED = "What was sent"
"""A button that stands below every answer."""
WITHOUT_LAUNCHER = """[...jupyterapp.shell.widgets('main')]
    .filter(each => each.node.querySelector('.jp-Launcher'))
    .forEach(each => each.close())"""


@dataclass(frozen=True)
class Frame:
    """One picture of the clip, and when it was taken."""

    at: float
    picture: Image.Image


def main() -> None:
    """Take all pictures into `docs/images`."""
    path = executable()
    if path is None:
        raise SystemExit(f"There is no Chromium or Chrome. Install one: {INSTALL}")
    IMAGES.mkdir(exist_ok=True)
    expect.set_options(timeout=SECONDS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        for name, theme in THEMES.items():
            with _lab() as lab:
                _still(browser, lab, theme, IMAGES / f"panel-{name}.png")
        with _lab() as lab:
            _clip(browser, lab, IMAGES / "asking.webp")
        browser.close()


@contextmanager
def _lab() -> Iterator[Lab]:
    """A JupyterLab whose folder has the quickstart and its sample."""
    with tempfile.TemporaryDirectory() as folder, running_lab(Path(folder)) as lab:
        for name in (QUICKSTART, "housing.csv"):
            shutil.copy(BUNDLED / name, lab.folder / "work" / name)
        yield lab


def _ready(browser: Browser, lab: Lab, theme: str) -> Panel:
    """The quickstart with the panel beside it, without the file browser and the launcher."""
    page = open_page(browser, lab, QUICKSTART, theme=theme)
    page.evaluate(WITHOUT_LAUNCHER)
    run(page, "application:toggle-left-area")
    panel = Panel(page)
    expect(panel.button("Load the houses")).to_be_visible()
    return panel


def _still(browser: Browser, lab: Lab, theme: str, target: Path) -> None:
    panel = _ready(browser, lab, theme)
    panel.answered(QUESTIONS[1])
    panel.answered(QUESTIONS[0])
    page = panel.page
    expect(page.locator(".jp-Notebook .js-plotly-plot .main-svg").first).to_be_visible()
    page.locator(".jp-Notebook .js-plotly-plot").first.scroll_into_view_if_needed()
    panel.composer.click()
    _small(_picture(page)).save(target, optimize=True)
    page.context.close()


def _clip(browser: Browser, lab: Lab, target: Path) -> None:
    """A question typed and answered, in true time."""
    panel = _ready(browser, lab, THEMES["light"])
    page = panel.page
    panel.composer.click()
    frames = [_frame(page)]
    for word in QUESTIONS[0].split():
        page.keyboard.type(f"{word} ")
        frames.append(_frame(page))
    page.keyboard.press("Enter")
    end = time.monotonic() + LONGEST
    while panel.root.get_by_role("button", name=ANSWERED).count() == 0 and time.monotonic() < end:
        frames.append(_frame(page))
    expect(page.locator(".jp-Notebook .js-plotly-plot .main-svg").first).to_be_visible()
    frames.append(_frame(page))
    page.context.close()
    _save(frames, target)


def _frame(page: Page) -> Frame:
    picture = _picture(page)
    height = round(picture.height * CLIP_WIDTH / picture.width)
    return Frame(time.monotonic(), picture.resize((CLIP_WIDTH, height), Image.Resampling.LANCZOS))


def _picture(page: Page) -> Image.Image:
    return Image.open(BytesIO(page.screenshot())).convert("RGB")


def _small(picture: Image.Image) -> Image.Image:
    """With 256 colours, which is what a user interface has."""
    return picture.quantize(256, dither=Image.Dither.NONE)


def _save(frames: list[Frame], target: Path) -> None:
    """Write an animation that shows each picture until the next one that differs."""
    kept = [frames[0]]
    kept += [now for before, now in pairwise(frames) if now.picture != before.picture]
    shown = [round(1000 * (after.at - now.at)) for now, after in pairwise(kept)]
    pictures = [frame.picture for frame in kept]
    pictures[0].save(
        target, save_all=True, append_images=pictures[1:], duration=[*shown, HOLD_MS], loop=0, quality=60
    )


if __name__ == "__main__":
    main()
