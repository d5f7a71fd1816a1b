"""Speed as ratios, in one run: core against DuckDB and a plain loop; the desk against bare SQL and a bare DocType.

    .venv/bin/python benchmarks/run.py                     core only
    .venv/bin/python benchmarks/run.py --bench ~/frappe-bench   and the desk, on a site made and dropped

Prints a Markdown table for docs/benchmarks.md.
"""

import argparse
import json
import os
import platform
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))
ROWS = 1_000_000
REPEATS = 5


def best(function, repeats: int = REPEATS) -> float:
	"""The shortest of several runs, in seconds: what the work costs when nothing disturbs it."""
	times = []
	for _ in range(repeats):
		start = time.perf_counter()
		function()
		times.append(time.perf_counter() - start)
	return min(times)


# --- core ---


def make_rows(count: int):
	import numpy as np
	import pandas as pd

	random = np.random.default_rng(7)
	opd = random.integers(0, 150, count)
	frame = pd.DataFrame(
		{
			"opd": pd.Categorical.from_codes(opd, [f"OPD {number}" for number in range(150)]),
			"objective": pd.Categorical.from_codes(
				random.integers(0, 10, count), [f"Sasaran {number}" for number in range(10)]
			),
			"polarity": pd.Categorical.from_codes(
				random.integers(0, 3, count), ["maximize", "minimize", "stabilize"]
			),
			"target": np.round(random.uniform(0, 200, count), 2),
			"realization": np.round(random.uniform(0, 220, count), 2),
			"budget": np.round(random.uniform(1e6, 1e9, count)),
		}
	)
	frame["budget_realization"] = np.round(frame["budget"] * random.uniform(0.5, 1, count))
	frame.loc[random.random(count) < 0.05, "realization"] = np.nan
	frame.loc[random.random(count) < 0.01, "target"] = 0.0
	return frame


def with_core(frame):
	from seroja.core.achievement import evaluate
	from seroja.core.scales import DEFAULT_SCALE, shipped_scales
	from seroja.core.summary import partial_sums, summarise

	result = evaluate(frame, explanations=False)
	category = shipped_scales()[DEFAULT_SCALE].categories(result["achievement"])
	evaluated = frame.assign(**{name: result[name] for name in result}, category=category)
	return summarise(partial_sums(evaluated, ["opd", "objective"]), ["opd"])


# The same work in SQL: every rule of evaluate(), the categories, the sums, the means per OPD.
SQL = """
with raw as (
	select *, case
		when realization is null or target is null then null
		when target = 0 then case when realization = 0 then 100
			when polarity = 'maximize' then 120 when polarity = 'minimize' then 0 end
		else round(case polarity when 'maximize' then realization / target * 100
			when 'minimize' then (2 * target - realization) / target * 100
			else 100 - abs(realization - target) / target * 100 end, 10) end as achievement,
		round(log10(abs(realization / nullif(target, 0)))) as step,
		log10(abs(realization / nullif(target, 0))) as power
	from rows),
evaluated as (
	select *, least(greatest(achievement, 0), 120) as scored,
		case when target is null then 'no_target' when realization is null then 'no_data'
			when achievement is null then 'manual' when target = 0 then 'zero_base'
			when achievement > 300 or achievement < 0
				or (abs(power - step) < 0.01 and (step >= 1 or step <= -2)) then 'implausible'
			else 'ok' end as status,
		case when achievement > 90 then 'Sangat Tinggi' when achievement > 75 then 'Tinggi'
			when achievement > 65 then 'Sedang' when achievement > 50 then 'Rendah'
			when achievement is not null then 'Sangat Rendah' end as category
	from raw),
sums as (
	select opd, objective, count(*) as indicators, count(achievement) as valued,
		count(*) filter (status = 'no_data') as no_data, count(*) filter (status = 'no_target') as no_target,
		count(*) filter (status in ('implausible', 'zero_base')) as flagged,
		sum(achievement) as raw_sum, sum(scored) as scored_sum, sum(budget) as budget,
		sum(budget_realization) as budget_realization,
		sum(budget * achievement / 100) as earned, sum(budget_realization) filter (achievement is not null) as spent,
		count(*) filter (category = 'Sangat Tinggi') as c1, count(*) filter (category = 'Tinggi') as c2,
		count(*) filter (category = 'Sedang') as c3, count(*) filter (category = 'Rendah') as c4,
		count(*) filter (category = 'Sangat Rendah') as c5
	from evaluated group by opd, objective)
select opd, sum(indicators), sum(valued), sum(no_data), sum(no_target), sum(flagged),
	avg(raw_sum / nullif(valued, 0)) as mean_raw, avg(scored_sum / nullif(valued, 0)) as mean_scored,
	min(scored_sum / nullif(valued, 0)) as weakest, sum(valued) / sum(indicators) * 100 as completeness,
	sum(budget), sum(budget_realization), sum(budget_realization) / sum(budget) * 100 as absorption,
	(sum(earned) - sum(spent)) / sum(earned) * 100 as efficiency,
	sum(c1), sum(c2), sum(c3), sum(c4), sum(c5)
from sums group by opd
"""


def in_duckdb(frame):
	import duckdb

	connection = duckdb.connect()
	connection.execute("set threads to 1")
	connection.register("frame", frame)
	connection.execute("create table rows as select * from frame")
	return connection


def with_loop(frame):
	"""What a first version would do: the scalar function for each row, sums in dictionaries."""
	from seroja.core.achievement import achievement
	from seroja.core.scales import DEFAULT_SCALE, shipped_scales

	scale, sums = shipped_scales()[DEFAULT_SCALE], {}
	columns = (frame["opd"], frame["objective"], frame["polarity"], frame["target"], frame["realization"])
	for opd, objective, polarity, target, realization in zip(*columns, strict=True):
		result = achievement(polarity, target, None if realization != realization else realization)
		entry = sums.setdefault((opd, objective), [0, 0.0, 0.0, {}])
		if result.raw is not None:
			category = scale.category(result.raw)
			entry[0] += 1
			entry[1] += result.raw
			entry[2] += result.scored
			entry[3][category] = entry[3].get(category, 0) + 1
	return sums


def core() -> list[tuple]:
	import numpy as np

	frame = make_rows(ROWS)
	connection = in_duckdb(frame)
	ours = with_core(frame).sort_values("opd")["mean_scored"].to_numpy()
	theirs = {row[0]: row[7] for row in connection.execute(SQL).fetchall()}
	expected = [theirs[name] for name in with_core(frame).sort_values("opd")["opd"]]
	assert np.allclose(ours, expected), "both sides must do the same work"
	part = frame.head(20_000)
	seconds = {
		"core": best(lambda: with_core(frame)),
		"duckdb": best(lambda: connection.execute(SQL).fetchall()),
		"loop": best(lambda: with_loop(part), 2) * ROWS / len(part),
	}
	return [
		(
			"evaluate and summarise 1,000,000 rows, against DuckDB on one thread",
			seconds["core"],
			seconds["duckdb"],
			"≤ 2",
		),
		(
			"the same, against a plain Python loop (20,000 rows, scaled)",
			seconds["core"],
			seconds["loop"],
			"< 1",
		),
	]


# --- the desk ---


def desk(path: str) -> list[tuple]:
	from bench import Bench

	bench, site = Bench(path), f"seroja-benchmark-{os.getpid()}.localhost"
	with bench.with_this_checkout():
		bench.new_site(site, admin_password="admin")
		try:
			return _measured(bench, site, "benchmark") + _measured(bench, site, "benchmark_import")
		finally:
			bench.drop_site(site)


def _measured(bench, site: str, module: str) -> list[tuple]:
	output = bench.run("--site", site, "execute", f"seroja.tests.{module}.run")
	return [tuple(row) for row in json.loads(output.strip().splitlines()[-1])]


def main() -> None:
	parser = argparse.ArgumentParser(description=__doc__)
	parser.add_argument("--bench", help="a bench in which the desk is measured too")
	arguments = parser.parse_args()
	rows = core() + (desk(arguments.bench) if arguments.bench else [])
	print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
	print("| what | ours (s) | the other (s) | ratio | bar |\n|---|---|---|---|---|")
	for what, ours, other, bar in rows:
		print(f"| {what} | {ours:.3f} | {other:.3f} | {ours / other:.2f} | {bar} |")


if __name__ == "__main__":
	main()
