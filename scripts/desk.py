"""make desk: this checkout into a bench, a demo site with the demo data, served."""

import os
import subprocess
import sys

from bench import Bench, BenchError, free_port

SITE = os.environ.get("SITE", "seroja-demo.localhost")
TRY = """
What to try
  1. As the operator: “Menunggu Saya”, start the sheet of the fourth quarter, type realizations, save,
     Tindakan > Ajukan Verifikasi.
  2. As the head of the OPD: open it, tick “Tandai” on one row, Tindakan > Kembalikan, give a note.
  3. As the operator: correct the flagged row, submit again. As the head: Setujui.
  4. As the Inspektorat: Verifikasi. Then Capaian Indikator > Ringkasan PDF.
"""


def main() -> int:
	bench = Bench(os.environ["BENCH"])
	if not bench.exists:
		print(
			f"There is no bench at {bench.path}. Make one as Frappe's documentation tells "
			"(bench init), or name another: make desk BENCH=/path/to/bench"
		)
		return 1
	try:
		prepare(bench)
		serve(bench)
	except BenchError as error:
		print(
			f"{error}\n\nIs the database running, and Redis (bench start)? Is the root password of the database"
		)
		print("in common_site_config.json, or in DB_ROOT_PASSWORD?")
		return 1
	except KeyboardInterrupt:
		print("\nStopped. `make desk` starts it again with the data as they are.")
	return 0


def prepare(bench: Bench) -> None:
	step(f"Installing SEROJA into {bench.path} (Frappe {bench.frappe_version})")
	bench.install()
	print(bench.pip("check").strip())
	if bench.has_site(SITE):
		step(f"Updating {SITE}")
		bench.run("--site", SITE, "migrate")
	else:
		step(f"Making {SITE} on {bench.database}")
		bench.new_site(SITE, admin_password="admin")
	step("Demo data")
	bench.run("--site", SITE, "execute", "seroja.setup.demo.create")


def serve(bench: Bench) -> None:
	port = free_port(int(os.environ.get("PORT", "8001")))
	people = bench.run("--site", SITE, "execute", "seroja.setup.demo_people.print_people")
	print(f"\nhttp://{SITE}:{port}\n\n{people}{TRY}\nCtrl+C stops it.\n", flush=True)
	subprocess.run(bench.command("--site", SITE, "serve", "--port", str(port), "--noreload"), cwd=bench.sites)


def step(text: str) -> None:
	print(f"==> {text}", flush=True)


if __name__ == "__main__":
	sys.exit(main())
