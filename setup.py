# Packaging lives in pyproject.toml; this stub is for tools that look for a setup.py.
from setuptools import setup

name = "seroja"

setup()
