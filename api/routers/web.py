"""The web map's files: from ``maps/static``, with nothing fetched from elsewhere."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

import maps
from api.answers import REVALIDATE, revalidated
from api.dependencies import DeskNow
from api.errors import allowed_methods
from api.refusals import NotFound

STATIC = Path(maps.__file__).parent / "static"
FOREVER = "public, max-age=31536000, immutable"  # the name holds a checksum of the content
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".gif": "image/gif",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
}
NOT_BUILT = """<!doctype html>
<html lang="zh"><head><meta charset="utf-8"><title>Wangge 网格</title></head>
<body style="font: 1.1rem/1.7 system-ui, sans-serif; max-width: 42rem; margin: 4rem auto">
<h1>网页地图尚未构建</h1>
<p>接口已经可用。请在代码目录运行 <code>./run demo</code>，它会构建网页地图
(需要 Node.js 与网络各一次)，然后刷新本页。</p>
<h1 lang="en">The web map has not been built</h1>
<p lang="en">The API works. Run <code>./run demo</code> in the checkout, which builds the map
(it needs Node.js and the network once), then reload this page.</p>
<p><a href="/api/health">/api/health</a> · <a href="/api/openapi.json">/api/openapi.json</a></p>
</body></html>
"""

# Comes after every other router: it matches every path.
router = APIRouter(include_in_schema=False)


@router.get("/")
def show_map(request: Request, desk: DeskNow) -> Response:
    """Send the page, or say that it has not been built."""
    page = STATIC / "index.html"
    if not page.is_file():
        return HTMLResponse(NOT_BUILT, headers={"Cache-Control": "no-store"})
    return _send(request, page)


@router.head("/")
def show_map_head(request: Request, desk: DeskNow) -> Response:
    """Answer tools that look before they fetch."""
    return show_map(request, desk)


@router.get("/{path:path}")
def send_file(path: str, request: Request, desk: DeskNow) -> Response:
    """Send one file of the map."""
    file = (STATIC / path).resolve()
    known = file.suffix in MEDIA_TYPES and file.is_relative_to(STATIC.resolve())
    if not known or not file.is_file():
        # this route matches every path: elsewhere the method may be the only thing wrong
        if allowed_methods(request):
            raise HTTPException(405)
        raise NotFound("no_such_address", path=request.url.path)
    return _send(request, file)


def _send(request: Request, file: Path) -> Response:
    status = file.stat()
    etag = f"{status.st_mtime_ns:x}-{status.st_size:x}"
    hashed = file.parent.name == "assets"
    return revalidated(
        request, etag, file.read_bytes, MEDIA_TYPES[file.suffix], FOREVER if hashed else REVALIDATE
    )
