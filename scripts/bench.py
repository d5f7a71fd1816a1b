"""A Frappe bench as the Makefile's targets need it: put this checkout into it, make and drop sites."""

import json
import os
import re
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
BUILDING = threading.Lock()  # pip builds inside the checkout, which benches tested side by side share


class BenchError(RuntimeError):
	"""Something about the bench must be mended by hand; the message says what."""


class Bench:
	"""path: the folder that holds apps, env and sites."""

	def __init__(self, path: str):
		self.path = Path(path).expanduser().resolve()
		self.sites = self.path / "sites"

	@property
	def exists(self) -> bool:
		return (self.path / "env/bin/python").exists() and (self.path / "apps/frappe").exists()

	@property
	def frappe_version(self) -> str:
		text = (self.path / "apps/frappe/frappe/__init__.py").read_text(encoding="utf-8")
		return re.search(r'__version__ = "(.+?)"', text)[1]

	@property
	def database(self) -> str:
		"""SQLite where this Frappe offers it, else MariaDB; SEROJA_DB overrides."""
		has_sqlite = (self.path / "apps/frappe/frappe/database/sqlite").exists()
		return os.environ.get("SEROJA_DB") or ("sqlite" if has_sqlite else "mariadb")

	def command(self, *arguments: str) -> list[str]:
		python = str(self.path / "env/bin/python")
		return [python, "-W", "ignore", "-m", "frappe.utils.bench_helper", "frappe", *arguments]

	def run(self, *arguments: str, show: bool = False) -> str:
		"""Run a bench command in the sites folder; its output. Raises BenchError with the end of it."""
		environment = os.environ | {"CI": "1", "PATH": f"{self.path}/env/bin:{os.environ['PATH']}"}
		done = subprocess.run(
			self.command(*arguments),
			cwd=self.sites,
			env=environment,
			stdin=subprocess.DEVNULL,
			stdout=None if show else subprocess.PIPE,
			stderr=None if show else subprocess.STDOUT,
			text=True,
		)
		if done.returncode:
			end = "\n".join((done.stdout or "").strip().splitlines()[-12:])
			raise BenchError(f"“bench {' '.join(arguments)}” failed:\n{end}")
		return done.stdout or ""

	# --- the app ---

	def install(self) -> None:
		"""Put this checkout into the bench: link, pip, apps.txt, assets."""
		place = self.path / "apps/seroja"
		if place.is_symlink():
			place.unlink()
		elif place.exists() and place.resolve() != CHECKOUT:
			raise BenchError(f"{place} is a copy of its own. Remove it, or run the command inside it.")
		if not place.exists():
			place.symlink_to(CHECKOUT)
		self.pip("install", "--quiet", "--disable-pip-version-check", "-e", str(CHECKOUT))
		listed = self.sites / "apps.txt"
		names = listed.read_text(encoding="utf-8").split()
		if "seroja" not in names:
			listed.write_text("\n".join([*names, "seroja"]) + "\n", encoding="utf-8")
		self._link_assets()

	def _link_assets(self) -> None:
		assets = self.sites / "assets/seroja"
		if assets.is_symlink():
			assets.unlink()
		assets.parent.mkdir(exist_ok=True)
		if not assets.exists():
			assets.symlink_to(self.path / "apps/seroja/seroja/public")

	def pip(self, *arguments: str) -> str:
		command = [str(self.path / "env/bin/python"), "-m", "pip", *arguments]
		with BUILDING:
			done = subprocess.run(command, capture_output=True, text=True)
		if done.returncode:
			raise BenchError(f"pip {' '.join(arguments)} failed:\n{(done.stdout + done.stderr)[-1500:]}")
		return done.stdout

	@contextmanager
	def with_this_checkout(self):
		"""Install this checkout for a while, and put back the one that was there."""
		place = self.path / "apps/seroja"
		before = place.resolve() if place.is_symlink() else None
		self.install()
		try:
			yield
		finally:
			if before and before != CHECKOUT and before.exists():
				place.unlink()
				place.symlink_to(before)
				self.pip("install", "--quiet", "--disable-pip-version-check", "-e", str(before))
				self._link_assets()

	# --- sites ---

	def has_site(self, name: str) -> bool:
		return (self.sites / name / "site_config.json").exists()

	def new_empty_site(self, name: str, admin_password: str) -> None:
		"""A new site with nothing but Frappe."""
		self.run("new-site", name, "--admin-password", admin_password, *self._database_options())

	def new_site(self, name: str, admin_password: str) -> None:
		"""A new site in Indonesian, past the setup wizard, with the app installed."""
		self.new_empty_site(name, admin_password)
		answers = {
			"language": "Bahasa Indonesia",
			"country": "Indonesia",
			"timezone": "Asia/Jakarta",
			"currency": "IDR",
		}
		wizard = "frappe.desk.page.setup_wizard.setup_wizard.setup_complete"
		self.run("--site", name, "execute", wizard, "--kwargs", json.dumps({"args": answers}))
		self.run("--site", name, "install-app", "seroja")
		# Made when it is first needed: a server that runs already would make another one.
		self.run("--site", name, "execute", "frappe.utils.password.get_encryption_key")

	def drop_site(self, name: str) -> None:
		self.run("drop-site", name, "--no-backup", "--force", *self._credentials())

	def _database_options(self) -> list[str]:
		if self.database == "sqlite":
			return ["--db-type", "sqlite"]
		return self._credentials()

	def _credentials(self) -> list[str]:
		"""DB_ROOT_USERNAME and DB_ROOT_PASSWORD, where common_site_config.json does not have them."""
		if self.database == "sqlite" or "DB_ROOT_PASSWORD" not in os.environ:
			return []
		user = os.environ.get("DB_ROOT_USERNAME", "root")
		return ["--db-root-username", user, "--db-root-password", os.environ["DB_ROOT_PASSWORD"]]

	@contextmanager
	def serving(self, site: str, port: int):
		"""Serve a site while the block runs; gives its address."""
		server = subprocess.Popen(
			self.command("--site", site, "serve", "--port", str(port), "--noreload"),
			cwd=self.sites,
			stdin=subprocess.DEVNULL,
			stdout=subprocess.DEVNULL,
			stderr=subprocess.DEVNULL,
		)
		address = f"http://127.0.0.1:{port}"
		try:
			_wait_for(address + "/api/method/ping", server)
			yield address
		finally:
			server.terminate()
			server.wait(timeout=20)


def _wait_for(address: str, server: subprocess.Popen) -> None:
	for _attempt in range(120):
		if server.poll() is not None:
			raise BenchError("The development server ended at once.")
		try:
			urllib.request.urlopen(address, timeout=5)
			return
		except (urllib.error.URLError, OSError):
			time.sleep(0.5)
	raise BenchError(f"{address} did not answer within a minute.")


def free_port(first: int = 0) -> int:
	"""The first port from `first` on that nobody uses; without it one that the system chooses."""
	for port in range(first, first + 50):
		with socket.socket() as probe, suppress(OSError):
			probe.bind(("127.0.0.1", port))
			return probe.getsockname()[1]
	raise BenchError(f"No free port between {first} and {first + 50}.")
