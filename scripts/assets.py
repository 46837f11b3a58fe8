"""Builds the style sheet and the scripts, and checks that they match their sources.

    python scripts/assets.py build            needs Node 20 or newer
    python scripts/assets.py check            needs nothing: compares with dist/manifest.json
    python scripts/assets.py check --rebuild  also builds anew and compares bytes, where Node is

The built files are committed, so that nobody needs Node to run or to test.
"""

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ASSETS = ROOT / "assets"
DIST = ROOT / "site" / "static" / "dist"
MANIFEST = DIST / "manifest.json"
SCRIPTS = ("sidemand.js", "admin.js", "device.js", "travel.js", "waiting.js", "sw.js")
OUTPUTS = ("sidemand.css", *SCRIPTS)


def sources() -> list[Path]:
    """Every file that the built files are made of, the lock file included."""
    written = [*ASSETS.glob("scss/*.scss"), *ASSETS.glob("js/**/*.js")]
    return sorted([*written, ASSETS / "package.json", ASSETS / "package-lock.json"])


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def manifest(dist: Path) -> dict[str, dict[str, str]]:
    """The hashes of the sources and of the files built into ``dist``."""
    return {
        "sources": {path.relative_to(ASSETS).as_posix(): sha256(path) for path in sources()},
        "outputs": {name: sha256(dist / name) for name in OUTPUTS},
    }


def compile_into(dist: Path) -> None:
    """Compile the sources with the pinned tools; fetches them when they are missing."""
    if not (ASSETS / "node_modules" / "esbuild").is_dir():
        subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit"], cwd=ASSETS, check=True)
    tools = ASSETS / "node_modules" / ".bin"
    subprocess.run(
        [
            tools / "sass",
            "--style=compressed",
            "--no-source-map",
            "--quiet-deps",
            "--silence-deprecation=if-function",
            "--load-path=node_modules",
            f"scss/sidemand.scss:{dist / 'sidemand.css'}",
        ],
        cwd=ASSETS,
        check=True,
    )
    subprocess.run(
        [
            tools / "esbuild",
            *(f"js/{name}" for name in SCRIPTS),
            "--bundle",
            "--minify",
            "--format=iife",
            "--target=es2020",
            "--charset=utf8",
            "--log-level=warning",
            f"--outdir={dist}",
        ],
        cwd=ASSETS,
        check=True,
    )


def build() -> int:
    DIST.mkdir(parents=True, exist_ok=True)
    compile_into(DIST)
    MANIFEST.write_text(json.dumps(manifest(DIST), indent=1) + "\n", encoding="utf-8")
    return 0


def differences() -> list[str]:
    """What the manifest says differently from the files, in words."""
    try:
        recorded = json.loads(MANIFEST.read_text(encoding="utf-8"))
        found = manifest(DIST)
    except FileNotFoundError as missing:
        return [f"{missing.filename} is missing"]
    return [
        f"{kind[:-1]} {name} has changed since the last build"
        for kind in ("sources", "outputs")
        for name in sorted(recorded[kind].keys() | found[kind].keys())
        if recorded[kind].get(name) != found[kind].get(name)
    ]


def rebuilt_differences() -> list[str]:
    """The built files that a fresh build does not give byte for byte."""
    if shutil.which("npm") is None:
        print("No Node here: the built files are compared by their hashes only.")
        return []
    with tempfile.TemporaryDirectory() as folder:
        compile_into(Path(folder))
        return [
            f"{name} is not what its sources build"
            for name in OUTPUTS
            if (Path(folder) / name).read_bytes() != (DIST / name).read_bytes()
        ]


def check(*, rebuild: bool) -> int:
    wrong = differences()
    if rebuild:
        wrong += rebuilt_differences()
    for line in wrong:
        print(line, file=sys.stderr)
    if wrong:
        print("Run: python scripts/assets.py build", file=sys.stderr)
    return 1 if wrong else 0


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("build")
    commands.add_parser("check").add_argument("--rebuild", action="store_true")
    chosen = parser.parse_args(arguments)
    return build() if chosen.command == "build" else check(rebuild=chosen.rebuild)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
