"""The archive of each bulletin: its issues, their files and the feed."""

import asyncio

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.render import feed, web
from bot.render.editions import from_record
from handlers.web.request import bulletin_of, home_of, services_of
from handlers.web.subscribing import entry_for
from store import issues

HIGHEST_NUMBER = 2**31
FEED_ISSUES = 20
FILES = {
    "pdf": "application/pdf",
    "txt": "text/plain; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "json": "application/json",
}
FORMATS = {"pdf": "pdf", "txt": "text", "md": "markdown", "json": "json"}


async def archive(request: Request) -> Response:
    """Show the numbered issues of a bulletin, newest first."""
    bulletin = await bulletin_of(request)
    async with services_of(request).store.reading() as tx:
        released = await issues.released(tx, bulletin.id)
    entries = [web.IndexEntry(issue.number or 0, issue.date, f"/{bulletin.slug}/{issue.number}") for issue in released]
    feed_address = f"/{bulletin.slug}/feed.xml"
    entry = entry_for(services_of(request), bulletin)
    page = web.render_index(bulletin.title, bulletin.language, entries, feed_address=feed_address, entry=entry)
    return HTMLResponse(page)


async def to_archive(request: Request) -> Response:
    return RedirectResponse(home_of(await bulletin_of(request)))


async def issue_page(request: Request) -> Response:
    return HTMLResponse(await _rendering(request, "web"))


async def file(request: Request) -> Response:
    """Hand out an issue as PDF, text, Markdown or JSON."""
    suffix = request.path_params["suffix"]
    if suffix not in FILES:
        raise HTTPException(404)
    return Response(await _rendering(request, FORMATS[suffix]), media_type=FILES[suffix])


async def atom(request: Request) -> Response:
    """Hand out the newest issues as an Atom feed."""
    bulletin = await bulletin_of(request)
    services = services_of(request)
    async with services.store.reading() as tx:
        newest = (await issues.released(tx, bulletin.id))[:FEED_ISSUES]
        documents = [from_record(await issues.document(tx, issue.id)) for issue in newest]
    places = services.press.addresses(bulletin.slug)
    base = str(request.base_url).rstrip("/")
    home_address = places.home or f"{base}/{bulletin.slug}/"
    address = places.feed or f"{home_address}feed.xml"
    body = await asyncio.to_thread(feed.render, bulletin.title, home_address, address, documents)
    return Response(body, media_type="application/atom+xml")


async def _rendering(request: Request, form: str) -> bytes:
    bulletin = await bulletin_of(request)
    if request.path_params["number"] > HIGHEST_NUMBER:
        raise HTTPException(404)
    async with services_of(request).store.reading() as tx:
        issue = await issues.numbered(tx, bulletin.id, request.path_params["number"])
        content = await issues.rendering(tx, issue.id, form) if issue and issues.is_out(issue) else None
    if content is None:
        raise HTTPException(404)
    return content


ROUTES = (
    Route("/{slug}", to_archive),
    Route("/{slug}/", archive),
    Route("/{slug}/feed.xml", atom),
    Route("/{slug}/{number:int}.{suffix}", file),
    Route("/{slug}/{number:int}", issue_page),
)
