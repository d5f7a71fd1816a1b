"""The browser that the runs share."""

import os

import pytest
from desk import FLAGS


@pytest.fixture(scope="session")
def browser():
	playwright = pytest.importorskip("playwright.sync_api")
	with playwright.sync_playwright() as api:
		instance = api.chromium.launch(executable_path=os.environ["CHROMIUM"], args=list(FLAGS))
		yield instance
		instance.close()
