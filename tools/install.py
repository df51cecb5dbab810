"""Installs this project into the running environment, pinned by constraints.txt, showing one moving line.

.venv/bin/python tools/install.py TARGET        TARGET is "." or ".[dev]"
"""

import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]


def main(target: str) -> int:
    command = [
        sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--no-input",
        "--progress-bar", "off", "-c", str(ROOT / "constraints.txt"), "-e", target,
    ]  # fmt: skip
    # Editable installs leave the tree as the one place of the code; wheels are tested apart.
    total = sum("==" in line for line in (ROOT / "constraints.txt").read_text().splitlines())
    run = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )  # fmt: skip
    seen, log = 0, []
    assert run.stdout
    for line in run.stdout:
        log.append(line)
        if line.startswith(("Collecting ", "Requirement already satisfied: ")):
            seen += 1
            show(f"  {min(seen, total)} of at most {total}: {line.split()[1 if line[0] == 'C' else 3]}")
        elif line.startswith("Installing collected"):
            show("  unpacking")
    show("")
    if run.wait():
        sys.stderr.write("".join(log))
    return run.returncode


def show(text: str) -> None:
    if sys.stdout.isatty():
        sys.stdout.write(f"\r{text:<70.70}" + ("" if text else "\r"))
    elif text.startswith("  unpacking"):
        sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
