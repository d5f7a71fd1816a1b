"""Mapping rows over the records of an answer (`source_mapping.apply`): seconds and the most memory the process ever had.

    .venv/bin/python benchmarks/sources.py

Each row asks for a record of its own, by condition or by JSONPath, or looks at all of them. Every size in a process of
its own; prints a Markdown table for docs/benchmarks.md. Needs Linux, for the memory.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
PLACES = {
	"condition": {"column": "nilai", "condition": "kode = K{}; tahun = {{year}}"},
	"JSONPath": {"path": "$[?@.kode == 'K{}' && @.tahun == {{year}}].nilai"},
	"sum over all records": {"column": "nilai", "condition": "kode != x{}", "aggregate": "sum"},
	"JSONPath over all records": {"path": "$[?@.nilai < 0 && @.kode != 'x{}'].nilai", "aggregate": "count"},
}
SIZES = [
	("condition", 5_000, 5_000),
	("condition", 5_000, 199_000),
	("JSONPath", 5_000, 199_000),
	("sum over all records", 25, 199_000),
	("JSONPath over all records", 10, 199_000),
	("sum over all records", 5_000, 199_000),
]


def make_records(count: int) -> list[dict]:
	return [
		{"kode": f"K{number}", "tahun": 2026, "opd": f"OPD {number % 150}", "nilai": f"{number},25"}
		for number in range(count)
	]


def measure(place: str, rows: int, records: int) -> None:
	from seroja.core.source_mapping import MappingRow, Moment, apply
	from seroja.core.source_records import TooMuchWork

	made = make_records(records)
	mapping = [
		MappingRow(
			number,
			f"I{number}",
			"value",
			**{name: text.format(number) for name, text in PLACES[place].items()},
		)
		for number in range(rows)
	]
	start = time.perf_counter()
	try:
		mapped = apply(mapping, made, Moment(2026, 1, "2026-01-01", "2026-03-31"))
		assert len(mapped.figures) == rows, mapped.refused[:1]
		end = "figures"
	except TooMuchWork:
		end = "refused"
	seconds = time.perf_counter() - start
	status = Path("/proc/self/status").read_text("utf-8")
	peak = next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]
	print(json.dumps({"seconds": seconds, "megabytes": int(peak) / 1024, "end": end}))


def measured(place: str, rows: int, records: int) -> dict:
	command = [sys.executable, __file__, "--measure", place, str(rows), str(records)]
	output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
	return json.loads(output.splitlines()[-1])


def main() -> None:
	parser = argparse.ArgumentParser(description=__doc__)
	parser.add_argument("--measure", nargs=3, metavar=("PLACE", "ROWS", "RECORDS"))
	arguments = parser.parse_args()
	if arguments.measure:
		place, rows, records = arguments.measure
		return measure(place, int(rows), int(records))
	print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
	print(
		"| each row asks by | rows | records | ends with | seconds | peak memory (MB) |\n|---|---|---|---|---|---|"
	)
	for place, rows, records in SIZES:
		found = measured(place, rows, records)
		print(
			f"| {place} | {rows:,} | {records:,} | {found['end']} | {found['seconds']:.1f} "
			f"| {found['megabytes']:.0f} |",
			flush=True,
		)


if __name__ == "__main__":
	main()
