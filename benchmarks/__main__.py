"""Runs every benchmark of this folder, or those named: `python -m benchmarks [reads writes encode …]`."""

import importlib
import pathlib
import sys

HERE = pathlib.Path(__file__).parent
APART = {"__init__", "__main__", "figures", "records", "replay", "serving"}


def main(names: list[str]) -> int:
    for name in names or sorted(path.stem for path in HERE.glob("*.py") if path.stem not in APART):
        print(f"== {name}", flush=True)
        importlib.import_module(f"benchmarks.{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
