"""Lock requirements*.in to exact versions with hashes, without naming any package index."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OPTIONS = [
    "--quiet", "--generate-hashes", "--universal", "--no-emit-index-url",
    "--no-emit-find-links", "--python-version", "3.11",
]  # fmt: skip
LOCKS = {
    "requirements.txt": ["requirements.in"],
    "requirements-dev.txt": ["requirements-dev.in"],
    # The same packages with the newest Wagtail: the suite must pass on it too.
    "requirements-wagtail8.txt": ["requirements-dev.in", "--override", "requirements-wagtail8.in"],
}

for target, arguments in LOCKS.items():
    print(f"• {target}", flush=True)
    subprocess.run(
        [
            str(Path(sys.executable).parent / "uv"),
            "pip",
            "compile",
            *OPTIONS,
            *arguments,
            "-o",
            target,
        ],
        check=True,
        cwd=ROOT,
    )
