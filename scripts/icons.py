"""Draws the icons of the installed site from the drawing in the header.

    python scripts/icons.py

Needs the development packages and Chromium. The icons are committed: run it when the drawing
changes.
"""

import io
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
DRAWING = ROOT / "site" / "templates" / "components" / "icons" / "brand.svg"
FOLDER = ROOT / "site" / "static" / "devices"
GROUND, INK = "#004d99", "#ffffff"
#: Name, side in pixels, how much of the side the drawing takes, how round the corners are. Of a
#: maskable icon only a circle of 80 % is sure to be seen.
ICONS = (
    ("icon-192", 192, 0.7, 0.2),
    ("icon-512", 512, 0.7, 0.2),
    ("icon-maskable-512", 512, 0.52, 0.0),
)
PAGE = """<style>
body {{ margin: 0; display: grid; place-items: center; width: {side}px; height: {side}px;
    background: {ground}; border-radius: {radius}px; color: {ink}; }}
html {{ background: transparent; }}
svg {{ width: {drawing}px; height: {drawing}px; }}
</style>{svg}"""


def draw(page: Page, side: int, share: float, roundness: float) -> bytes:
    """One icon as PNG in few colours."""
    page.set_viewport_size({"width": side, "height": side})
    page.set_content(
        PAGE.format(
            side=side,
            ground=GROUND,
            ink=INK,
            radius=side * roundness,
            drawing=side * share,
            svg=DRAWING.read_text(encoding="utf-8"),
        )
    )
    shot = Image.open(io.BytesIO(page.screenshot(omit_background=True)))
    few = shot.quantize(colors=32, method=Image.Quantize.FASTOCTREE)
    drawn = io.BytesIO()
    few.save(drawn, format="PNG", optimize=True)
    return drawn.getvalue()


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    browser_path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = browser.new_page()
        for name, side, share, roundness in ICONS:
            (FOLDER / f"{name}.png").write_bytes(draw(page, side, share, roundness))
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
