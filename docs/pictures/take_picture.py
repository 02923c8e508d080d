"""Takes docs/pictures/brief.png: the top of the main scenario's brief, as a browser shows it.

    python docs/pictures/take_picture.py [STUDY_FOLDER]

Without a folder the scenario is run first, into a temporary one. Needs Playwright and Chromium.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

PICTURE = Path(__file__).resolve().parent / "brief.png"
SCENARIO, DRAWS = "washington-2026", 50
WIDTH_PX, HEIGHT_PX, SMALLEST_HEIGHT_PX = 1000, 1560, 900
LARGEST_BYTES = 300_000


def run_scenario(folder: Path) -> None:
    """Run the pictured scenario into a study folder."""
    command = [sys.executable, "-m", "derisk", "run", SCENARIO, "--out", str(folder), "--draws", str(DRAWS)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def take_picture(brief: Path, picture: Path) -> None:
    """The top of a brief, cut at the end of the last section that fits whole."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as session:
        browser = session.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": WIDTH_PX, "height": HEIGHT_PX}, device_scale_factor=1)
        page.goto(brief.resolve().as_uri())
        ends = page.evaluate("[...document.querySelectorAll('main > *')].map(e => e.getBoundingClientRect().bottom)")
        fitting = [end for end in ends if SMALLEST_HEIGHT_PX <= end <= HEIGHT_PX - 40]
        height = round(fitting[-1] + 40) if fitting else HEIGHT_PX
        page.screenshot(path=picture, clip={"x": 0, "y": 0, "width": WIDTH_PX, "height": height})
        browser.close()


def main() -> None:
    """Take the picture, of the study folder named on the command line or of a new run."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(temporary) / "study"
        if len(sys.argv) == 1:
            run_scenario(folder)
        take_picture(folder / "brief.html", PICTURE)
    size = PICTURE.stat().st_size
    if size > LARGEST_BYTES:
        sys.exit(f"{PICTURE} has {size} bytes, more than {LARGEST_BYTES}")


if __name__ == "__main__":
    main()
