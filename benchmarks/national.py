"""`seroja rollup` on both engines: seconds, the most memory it ever had, and whether both write the same bytes.

    .venv/bin/python benchmarks/national.py --rows 10000000

Makes its figures in a temporary folder and prints a Markdown table for docs/rollup.md. Needs Linux, for the memory.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
TABLES = ("national.csv", "governments.csv")
GOVERNMENTS, CODES, YEARS = 552, 300, range(2021, 2026)
ROWS_IN_A_FILE = 500_000


def make_rows(count: int, seed: int):
	"""Figures of random governments, indicators and quarters: one in twenty missing, half with their parts."""
	import numpy as np
	import pandas as pd

	random = np.random.default_rng(seed)
	government, code = random.integers(0, GOVERNMENTS, count), random.integers(0, CODES, count)
	denominator = np.round(random.uniform(1e3, 1e7, count))
	numerator = np.round(denominator * random.uniform(0.1, 1.2, count))
	frame = pd.DataFrame(
		{
			"government": _texts(government, GOVERNMENTS, "G{:04}"),
			"government_name": _texts(government, GOVERNMENTS, "Daerah {}"),
			"level": _texts((government < 38).astype(int), 2, "{}").rename_categories(["city", "province"]),
			"year": random.choice(YEARS, count),
			"quarter": random.integers(1, 5, count),
			"bappenas_code": _texts(code, CODES, "B{:03}"),
			"name": _texts(code, CODES, "Indikator {}"),
			"polarity": pd.Categorical.from_codes(code % 3, ["maximize", "minimize", "stabilize"]),
			"target": np.round(random.uniform(0, 200, count), 2),
			"realization": np.where(random.random(count) < 0.05, np.nan, numerator / denominator * 100),
			"numerator": np.where(code % 2, numerator, np.nan),
			"denominator": np.where(code % 2, denominator, np.nan),
		}
	)
	return frame


def _texts(codes, count: int, form: str):
	import pandas as pd

	return pd.Categorical.from_codes(codes, [form.format(number) for number in range(count)])


def make_files(folder: Path, rows: int) -> None:
	for number, start in enumerate(range(0, rows, ROWS_IN_A_FILE)):
		frame = make_rows(min(ROWS_IN_A_FILE, rows - start), number)
		frame.to_parquet(folder / f"figures-{number:05}.parquet", index=False)


def measured(folder: Path, out: Path, engine: str) -> dict:
	"""Seconds and megabytes of a roll-up in a process of its own."""
	command = [sys.executable, __file__, "--measure", str(folder), str(out), engine]
	output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
	return json.loads(output.splitlines()[-1])


def measure(folder: str, out: str, engine: str) -> None:
	from seroja.cli import main

	start = time.perf_counter()
	main(["rollup", folder, "--out", out, "--engine", engine], standalone_mode=False)
	seconds = time.perf_counter() - start
	status = Path("/proc/self/status").read_text("utf-8")
	peak = next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]
	print(json.dumps({"seconds": seconds, "megabytes": int(peak) / 1024}))


def main() -> None:
	parser = argparse.ArgumentParser(description=__doc__)
	parser.add_argument("--rows", type=int, default=10_000_000)
	parser.add_argument("--engines", nargs="+", default=["pandas", "dask"])
	parser.add_argument("--measure", nargs=3, metavar=("FOLDER", "OUT", "ENGINE"))
	arguments = parser.parse_args()
	if arguments.measure:
		return measure(*arguments.measure)
	print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
	print("| rows | engine | seconds | peak memory (MB) | equal |\n|---|---|---|---|---|")
	with tempfile.TemporaryDirectory() as name:
		figures = Path(name) / "figures"
		figures.mkdir()
		make_files(figures, arguments.rows)
		seen = set()
		for engine in arguments.engines:
			out = Path(name) / engine
			found = measured(figures, out, engine)
			seen.add(tuple((out / table).read_bytes() for table in TABLES))
			equal = "yes" if len(seen) == 1 else "**no**"
			print(
				f"| {arguments.rows:,} | {engine} | {found['seconds']:.0f} | {found['megabytes']:.0f} | {equal} |",
				flush=True,
			)


if __name__ == "__main__":
	main()
