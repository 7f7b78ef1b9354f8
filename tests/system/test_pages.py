"""The issue as strangers' programs see it: a browser of the width of a phone, and a reader of PDF pages."""

import re
import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from bot.render import mail, pdf, reader_pages, web
from bot.render.style import clean
from tests.unit.render_sample import ISSUE, issue_of, item

pytestmark = pytest.mark.system

CHROMIUM = ("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")
PHONE_PIXELS = 320
LONG_WORD = "Donaudampfschifffahrtsgesellschaftskapitän" * 3
PAGES = {
    "issue": web.standalone(web.render_issue(ISSUE)),
    "long words": web.standalone(
        web.render_issue(issue_of([item(LONG_WORD, LONG_WORD, f"https://a.example/{LONG_WORD}")]))
    ),
    "leave": web.standalone(reader_pages.leave_page("en", ISSUE.bulletin, "/leave/token", home=ISSUE.home)),
    "letter": mail.render(ISSUE, "https://thread.example/leave/token").html,
}
# Puts the page into a frame as wide as a phone, and writes down how wide its content became.
MEASURE = f"""<iframe src="/page" style="width:{PHONE_PIXELS}px;height:600px;border:0"></iframe><output></output>
<script>
const frame = document.querySelector("iframe");
frame.onload = () => {{
  const page = frame.contentDocument.documentElement;
  const [width, letters] = [page.scrollWidth, page.innerText.trim().length];
  document.querySelector("output").textContent = `${{width}} wide, ${{letters}} letters`;
}};
</script>"""


@pytest.fixture
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    """Serves one page and, beside it, the page that measures it."""

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write((PAGES[request.param] if self.path == "/page" else MEASURE).encode())

        def log_message(self, *said: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.mark.parametrize("address", PAGES, indirect=True)
def test_no_page_scrolls_sideways_on_a_phone(address: str, tmp_path: Path) -> None:
    command = [*CHROMIUM, f"--user-data-dir={tmp_path}", "--virtual-time-budget=5000", "--dump-dom", address]
    shown = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout
    measured = re.search(r"<output>(\d+) wide, (\d+) letters</output>", shown)
    assert measured is not None, shown
    assert int(measured[1]) <= PHONE_PIXELS
    assert int(measured[2]) > 20


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pdf") / "issue.pdf"
    path.write_bytes(pdf.render(ISSUE))
    return path


def test_the_pdf_reads_in_the_order_of_the_issue(document: Path) -> None:
    read = subprocess.run(
        ["pdftotext", "-layout", str(document), "-"], check=True, capture_output=True, text=True
    ).stdout
    words = " ".join(read.split())
    items = [each for section in ISSUE.sections for each in section.items]
    places = [words.find(" ".join(clean(each.title).split()[:3])) for each in items if each.title.isascii()]
    assert -1 not in places
    assert places == sorted(places)


def test_every_page_of_the_pdf_has_ink_on_it_and_none_at_its_edge(document: Path, tmp_path: Path) -> None:
    subprocess.run(["pdftoppm", "-gray", "-r", "50", str(document), str(tmp_path / "page")], check=True)
    pages = sorted(tmp_path.glob("page*.pgm"))
    assert pages
    for page in pages:
        head, size, _depth, pixels = page.read_bytes().split(b"\n", 3)
        width, height = map(int, size.split())
        assert head == b"P5"
        assert min(pixels) < 100, f"{page.name} is empty"
        rows = [pixels[row * width : (row + 1) * width] for row in range(height)]
        edge = [rows[0], rows[-1], bytes(row[0] for row in rows), bytes(row[-1] for row in rows)]
        assert min(map(min, edge)) > 200, f"{page.name} has ink at its edge"
