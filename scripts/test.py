"""Every test that this machine can run; ends with one line “N passed, N failed, N skipped”.

Core and command line always; the Frappe suite and the browser run in each bench of BENCH that exists. The benches
and the core run side by side, because one after the other they take twice as long.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

from bench import CHECKOUT, Bench, BenchError, free_port

RESULTS = CHECKOUT / ".test-results"
COUNTED = ("passed", "failed", "skipped")
NEED_A_BENCH = ("browser", "installation", "served")


def main() -> int:
	RESULTS.mkdir(exist_ok=True)
	benches = [Bench(path) for path in os.environ.get("BENCH", "").split()]
	for bench in benches:
		if not bench.exists:
			not_run("the Frappe suite and the browser run", f"there is no bench at {bench.path}")
	benches = [bench for bench in benches if bench.exists]
	with ThreadPoolExecutor(len(benches) + 1) as side_by_side:
		core = side_by_side.submit(core_suite)
		suites = list(side_by_side.map(frappe_suite, benches))
	total = sum(suites, core.result())
	record(benches, suites)
	print(", ".join(f"{total[name]} {name}" for name in COUNTED), flush=True)
	return 1 if total["failed"] else 0


def record(benches: list[Bench], suites: list[Counter]) -> None:
	"""Keep which commit passed on which Frappe."""
	runs = [
		{
			"frappe": bench.frappe_version,
			"database": bench.database,
			**{name: counts[name] for name in COUNTED},
		}
		for bench, counts in zip(benches, suites, strict=True)
	]
	summary = {"commit": commit(), "tested_on": datetime.now().isoformat(timespec="seconds"), "runs": runs}
	(RESULTS / "frappe.json").write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")


def commit() -> str:
	done = subprocess.run(["git", "rev-parse", "HEAD"], cwd=CHECKOUT, capture_output=True, text=True)
	return done.stdout.strip()


def core_suite() -> Counter:
	ignored = (f"--ignore=tests/{name}" for name in NEED_A_BENCH)
	return report("core and command line", pytest("tests", *ignored, name="core"))


def pytest(*arguments: str, name: str, **environment: str) -> Counter:
	"""Run pytest; the counts from its JUnit file."""
	xml = RESULTS / f"{name}.xml"
	xml.unlink(missing_ok=True)
	command = [sys.executable, "-m", "pytest", f"--junitxml={xml}", *arguments]
	return failures_shown(counted(xml, run(command, CHECKOUT, name, environment)), name)


def run(command: list[str], folder: Path, name: str, environment: dict[str, str]) -> int:
	"""Run a command with its output in a log file of that name; its exit code."""
	with (RESULTS / f"{name}.log").open("w", encoding="utf-8") as log:
		return subprocess.run(
			command,
			cwd=folder,
			env=os.environ | environment,
			stdin=subprocess.DEVNULL,
			stdout=log,
			stderr=subprocess.STDOUT,
		).returncode


def failures_shown(counts: Counter, name: str) -> Counter:
	if counts["failed"]:
		print((RESULTS / f"{name}.log").read_text(encoding="utf-8")[-20_000:], flush=True)
	return counts


def counted(xml: Path, returncode: int) -> Counter:
	"""Counts of a JUnit file; a run that ended badly without one is one failure."""
	if not xml.exists():
		return Counter(failed=1)
	counts = Counter()
	for suite in ElementTree.parse(xml).getroot().iter("testsuite"):
		numbers = {name: int(suite.get(name) or 0) for name in ("tests", "failures", "errors", "skipped")}
		bad = numbers["failures"] + numbers["errors"]
		counts += Counter(
			passed=numbers["tests"] - bad - numbers["skipped"], failed=bad, skipped=numbers["skipped"]
		)
	if returncode and not counts["failed"]:
		counts["failed"] += 1
	return counts


def frappe_suite(bench: Bench) -> Counter:
	"""The integration tests and the browser run on a site of their own, dropped afterwards."""
	site = f"seroja-test-{os.getpid()}.localhost"
	title = f"Frappe {bench.frappe_version} on {bench.database}"
	print(f"\n=== {title}: {bench.path}", flush=True)
	counts = Counter()
	try:
		with bench.with_this_checkout():
			bench.pip("install", "--quiet", "--disable-pip-version-check", "hypothesis", "aiosmtpd")
			installation = pytest(
				"tests/installation",
				name=f"installation-{bench.frappe_version}",
				SEROJA_BENCH=str(bench.path),
			)
			counts += report(f"install and uninstall, {title}", installation)
			bench.new_site(site, admin_password="admin")
			try:
				bench.run("--site", site, "set-config", "allow_tests", "true")
				counts += report(title, integration(bench, site))
				bench.run("--site", site, "execute", "seroja.setup.demo.create")
				counts += report(f"served sites, {title}", from_outside(bench, site, "served"))
				counts += report(f"browser, {title}", browser(bench, site))
			finally:
				bench.drop_site(site)
	except BenchError as error:
		print(f"!!! {title}: {error}", flush=True)
		counts["failed"] += 1
	return counts


def integration(bench: Bench, site: str) -> Counter:
	name = f"frappe-{bench.frappe_version}"
	exit_code = run(bench.command("--site", site, "run-tests", "--app", "seroja"), bench.sites, name, {})
	counts = from_unittest((RESULTS / f"{name}.log").read_text(encoding="utf-8"))
	if exit_code and not counts["failed"]:
		counts["failed"] += 1
	return failures_shown(counts, name)


def from_unittest(output: str) -> Counter:
	"""Counts from unittest's closing lines; Frappe 16 runs unit and integration tests one after the other."""
	counts = Counter()
	for ran in re.findall(r"^Ran (\d+) tests?", output, re.MULTILINE):
		counts["passed"] += int(ran)
	for name, target in (("failures", "failed"), ("errors", "failed"), ("skipped", "skipped")):
		for number in re.findall(rf"^(?:OK|FAILED) \(.*?{name}=(\d+)", output, re.MULTILINE):
			counts[target] += int(number)
			counts["passed"] -= int(number)
	return counts


def browser(bench: Bench, site: str) -> Counter:
	chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
	if chromium:
		return from_outside(bench, site, "browser", CHROMIUM=chromium)
	not_run("the browser run", "no Chromium is installed")
	return Counter(skipped=1)


def from_outside(bench: Bench, site: str, folder: str, **environment: str) -> Counter:
	"""The tests of a folder against the served demo site."""
	with bench.serving(site, free_port()) as address:
		return pytest(
			f"tests/{folder}",
			name=f"{folder}-{bench.frappe_version}",
			SEROJA_URL=address,
			SEROJA_SITE=site,
			SEROJA_BENCH=str(bench.path),
			**environment,
		)


def report(title: str, counts: Counter) -> Counter:
	print(f"--- {title}: " + ", ".join(f"{counts[name]} {name}" for name in COUNTED), flush=True)
	return counts


def not_run(what: str, why: str) -> None:
	print(f"\n!!! NOT RUN: {what}, because {why}.", flush=True)


if __name__ == "__main__":
	sys.exit(main())
