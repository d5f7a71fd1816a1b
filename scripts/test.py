"""Every test that this machine can run; ends with one line “N passed, N failed, N skipped”.

Core and command line always; the Frappe suite and the browser run in each bench of BENCH that exists.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

from bench import CHECKOUT, Bench, BenchError, free_port

RESULTS = CHECKOUT / ".test-results"
COUNTED = ("passed", "failed", "skipped")
NEED_A_BENCH = ("browser", "installation")


def main() -> int:
	RESULTS.mkdir(exist_ok=True)
	total, runs = Counter(), []
	total += report(
		"core and command line",
		pytest("tests", *(f"--ignore=tests/{name}" for name in NEED_A_BENCH), name="core"),
	)
	for path in os.environ.get("BENCH", "").split():
		bench = Bench(path)
		if not bench.exists:
			not_run("the Frappe suite and the browser run", f"there is no bench at {path}")
			continue
		counts = frappe_suite(bench)
		total += counts
		runs.append(
			{
				"frappe": bench.frappe_version,
				"database": bench.database,
				**{name: counts[name] for name in COUNTED},
			}
		)
	summary = {"commit": commit(), "tested_on": datetime.now().isoformat(timespec="seconds"), "runs": runs}
	(RESULTS / "frappe.json").write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
	print(", ".join(f"{total[name]} {name}" for name in COUNTED), flush=True)
	return 1 if total["failed"] else 0


def commit() -> str:
	done = subprocess.run(["git", "rev-parse", "HEAD"], cwd=CHECKOUT, capture_output=True, text=True)
	return done.stdout.strip()


def pytest(*arguments: str, name: str, **environment: str) -> Counter:
	"""Run pytest with its output shown; the counts from its JUnit file."""
	xml = RESULTS / f"{name}.xml"
	xml.unlink(missing_ok=True)
	command = [sys.executable, "-m", "pytest", f"--junitxml={xml}", *arguments]
	done = subprocess.run(command, cwd=CHECKOUT, env=os.environ | environment)
	return counted(xml, done.returncode)


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
			installation = pytest("tests/installation", name="installation", SEROJA_BENCH=str(bench.path))
			counts += report(f"install and uninstall, {title}", installation)
			bench.new_site(site, admin_password="admin")
			try:
				bench.run("--site", site, "set-config", "allow_tests", "true")
				counts += report(title, integration(bench, site))
				counts += report(f"browser, {title}", browser(bench, site))
			finally:
				bench.drop_site(site)
	except BenchError as error:
		print(f"!!! {title}: {error}", flush=True)
		counts["failed"] += 1
	return counts


def integration(bench: Bench, site: str) -> Counter:
	command = bench.command("--site", site, "run-tests", "--app", "seroja")
	done = subprocess.run(
		command,
		cwd=bench.sites,
		stdin=subprocess.DEVNULL,
		stdout=subprocess.PIPE,
		stderr=subprocess.STDOUT,
		text=True,
	)
	(RESULTS / f"frappe-{bench.frappe_version}.log").write_text(done.stdout, encoding="utf-8")
	counts = from_unittest(done.stdout)
	if counts["failed"] or done.returncode:
		print(done.stdout[-20_000:], flush=True)
	if done.returncode and not counts["failed"]:
		counts["failed"] += 1
	return counts


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
	if not chromium:
		not_run("the browser run", "no Chromium is installed")
		return Counter(skipped=1)
	bench.run("--site", site, "execute", "seroja.setup.demo.create")
	with bench.serving(site, free_port(8050)) as address:
		return pytest(
			"tests/browser",
			name=f"browser-{bench.frappe_version}",
			SEROJA_URL=address,
			CHROMIUM=chromium,
			SEROJA_BENCH=str(bench.path),
		)


def report(title: str, counts: Counter) -> Counter:
	print(f"--- {title}: " + ", ".join(f"{counts[name]} {name}" for name in COUNTED), flush=True)
	return counts


def not_run(what: str, why: str) -> None:
	print(f"\n!!! NOT RUN: {what}, because {why}.", flush=True)


if __name__ == "__main__":
	sys.exit(main())
