"""Somebody in front of the desk of a served demo site: what the browser runs share.

SEROJA_URL names the site, CHROMIUM the browser of the machine; scripts/test.py starts both. Pictures
go to SEROJA_SHOTS where that is set.
"""

import os
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

URL = os.environ.get("SEROJA_URL")
needs_a_site = pytest.mark.skipif(not URL, reason="SEROJA_URL names no served demo site")

PASSWORD = "Seroja-contoh-1"
TODAY = datetime.now(ZoneInfo("Asia/Jakarta")).date()  # of the site, whose day begins before that of UTC
FLAGS = (
	"--no-sandbox",
	"--disable-gpu",
	"--disable-quic",
	"--no-first-run",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
)


class Person:
	"""Somebody in front of the desk."""

	VIEWPORT = {"width": 1400, "height": 900}

	def __init__(self, browser, name: str):
		self.context = browser.new_context(viewport=self.VIEWPORT)
		self.errors: list[str] = []
		self.page = self.new_page()
		self.page.goto(f"{URL}/login")
		self.page.fill("#login_email", f"{name}@contoh.seroja.example")
		self.page.fill("#login_password", PASSWORD)
		self.page.click(".for-login .btn-login")
		self.page.wait_for_url(lambda url: "/login" not in url)
		self.page.wait_for_selector(".navbar, .desktop-wrapper")

	def new_page(self):
		page = self.context.new_page()
		page.set_default_timeout(30_000)
		# Frappe 16-dev keeps half a form in its cache over a full page load; a fresh one is fetched.
		page.add_init_script(
			"Object.keys(localStorage).filter(k => k.startsWith('_doctype:')).forEach(k => localStorage.removeItem(k))"
		)
		# Frappe's chart library complains of a missing node when a report redraws; every other error counts.
		page.on("pageerror", lambda error: "removeChild" in str(error) or self.errors.append(str(error)))
		return page

	def open(self, path: str) -> None:
		self.page.goto(f"{URL}/app/{path}")
		self.page.wait_for_load_state("networkidle")

	def save(self) -> None:
		self.page.keyboard.press("Control+s")
		self.page.wait_for_selector(".indicator-pill:has-text('Belum Disimpan')", state="hidden")
		self.page.wait_for_function("!cur_frm.is_dirty()")
		self.page.wait_for_load_state("networkidle")

	def act(self, action: str, note: str = "") -> None:
		self.page.locator(".actions-btn-group button:visible").click()
		self.page.locator(".actions-btn-group .dropdown-menu:visible").get_by_text(action, exact=True).click()
		if note:
			dialog = self.page.locator(".modal.show")
			dialog.locator("textarea").fill(note)
			dialog.get_by_role("button", name="Lanjutkan").click()

	def sees_state(self, state: str) -> None:
		self.page.wait_for_selector(f".page-head:visible .indicator-pill:has-text('{state}')")
		self.page.wait_for_load_state("networkidle")

	def shot(self, name: str) -> None:
		if folder := os.environ.get("SEROJA_SHOTS"):
			self.page.wait_for_timeout(1000)
			self.page.screenshot(path=str(Path(folder) / f"{name}.png"))
