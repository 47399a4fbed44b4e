"""What every Python test shares: fixed property-test settings and a cache folder of the test run's own."""

import os
import signal

import pytest
from hypothesis import settings

# The same examples on every run; a failing example is printed with the decorator that reproduces it.
settings.register_profile("thalweg", derandomize=True, deadline=None, max_examples=25, print_blob=True)
settings.load_profile("thalweg")

# What is refused is an error in the tests: a program that CPython runs would agree with CPython whatever is wrong here.
# Tests of what CPython runs say strict=False.
os.environ.setdefault("THALWEG_STRICT", "1")

# A shell starts what runs in its background with Ctrl-C ignored; the tests of Ctrl-C mean an ordinary process.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory):
    """Keep compiled programs of the tests apart from the user's (unless THALWEG_CACHE says where)."""
    if "THALWEG_CACHE" not in os.environ:
        os.environ["THALWEG_CACHE"] = str(tmp_path_factory.mktemp("thalweg_cache"))
