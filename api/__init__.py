"""HTTP, command line, settings and runs: the outermost layer.

Routers call services, services call ``data``, ``geo`` and ``maps``; services know no web.
"""

from importlib.metadata import PackageNotFoundError, version

try:
    VERSION = version("wangge")
except PackageNotFoundError:  # a checkout on PYTHONPATH that was never installed
    VERSION = "0.0.0"
