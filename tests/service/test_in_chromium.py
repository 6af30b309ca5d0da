"""The page in a real browser: what it draws and says, by mouse, by keyboard and without script."""

import base64
import json
import re
import time
from functools import partial

import pytest

from tests.browser import find_chromium
from tests.conftest import need
from tests.service.running import wait_until
from tests.service.tabs import Tab, browsing
from tests.service.test_page import BROKEN, NEURON
from tests.service.test_view import interrupted, viewing

PICTURE = "document.querySelector('#frame img')"
DRAWN = f"{PICTURE}?.complete && {PICTURE}.naturalWidth > 0 && !document.querySelector('#frame.old')"
"""The page shows a picture, and it is that of the document as it is now."""
SECOND = 1.0


@pytest.fixture(scope="module")
def chromium():
    need("chromium", find_chromium())
    with browsing() as ask:
        yield ask


@pytest.fixture
def tab(chromium):
    opened = Tab(chromium)
    opened.size(1400, 900)
    yield opened
    assert opened.violations() == []
    opened.close()


def shown(tab: Tab) -> str:
    """The source of the picture that the page shows, "" while it changes.

    No script of the page can read it: the policy of the page forbids that.
    """
    frame = tab.do("Page.getFrameTree")["frameTree"]["frame"]["id"]
    address = tab.look(f"{PICTURE}.decode().then(() => {PICTURE}.src, () => '')")
    try:
        found = tab.do("Page.getResourceContent", frameId=frame, url=address)
    except AssertionError:  # Chromium has let go of it
        return ""
    return base64.b64decode(found["content"]).decode() if found["base64Encoded"] else str(found["content"])


def shows(tab: Tab, name: str) -> bool:
    """Whether the page shows the picture of a graph with a node of this name, and of nothing older."""
    return bool(tab.look(DRAWN)) and f">{name}<" in shown(tab)


def test_a_picture_opened_as_a_document_runs_and_loads_nothing(shared_server, tab, tmp_path):
    evil = NEURON.replace('"label": "o"', '"label": "</text><script>alert(1)</script>"')
    (tmp_path / "evil.json").write_text(evil, encoding="utf-8")
    tab.open(shared_server.address)
    tab.drop(tmp_path / "evil.json")
    tab.wait(DRAWN)
    address = tab.look(
        "import('/page/address.js').then(({ addressOf }) => addressOf(document.querySelector('#document').value,"
        " 'v1/render/svg?link=https://evil.example/%7Bid%7D'))"
    )
    tab.open(address)
    assert tab.look("document.documentElement.localName") == "svg"
    assert tab.look("document.querySelectorAll('script').length") == 0
    assert tab.look("performance.getEntriesByType('resource').length") == 0
    assert tab.look("document.querySelectorAll('a[href^=\"https://evil\"]').length") > 0
    assert tab.look("self.origin") == "null"  # that of a sandbox, which has no part in the service
    # A script and an image that somebody slips in do nothing either. No timer of the page would fire, so wait here.
    tab.look(SLIPPED_IN)
    time.sleep(0.3)
    assert tab.look("typeof window.ran") == "undefined"
    shared_server.get("/healthz")
    asked = wait_until(lambda: [line for line in shared_server.lines if '"route": "healthz"' in line])
    assert asked
    assert not [line for line in shared_server.lines if '"route": "schema"' in line]
    tab.open(shared_server.address)


SLIPPED_IN = """
    const made = name => document.documentElement.appendChild(
        document.createElementNS('http://www.w3.org/2000/svg', name));
    made('script').textContent = 'window.ran = true';
    made('image').setAttribute('href', '/v1/schema/1.0');
"""


def test_a_dropped_file_is_drawn(shared_server, tab, tmp_path):
    file = tmp_path / "neuron.json"
    file.write_text(NEURON, encoding="utf-8")
    tab.open(shared_server.address)
    tab.drop(file)
    tab.wait(DRAWN)
    assert shown(tab) == shared_server.post("/v1/render/svg", NEURON.encode()).text
    assert tab.look(f"{PICTURE}.alt").startswith("Computation graph of o. 10 values: 5 leaves")
    assert tab.look("document.querySelector('#document').value") == NEURON
    assert tab.look("document.querySelector('#numbers').textContent.split('\\n').length") == NEURON.count("\n") + 1


def test_a_problem_is_shown_at_its_line_and_the_last_picture_stays(shared_server, tab, tmp_path):
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(NEURON, encoding="utf-8")
    bad.write_text(BROKEN.replace('"label": "o"', '"label": "😀"'), encoding="utf-8")
    tab.open(shared_server.address)
    tab.drop(good)
    tab.wait(DRAWN)
    tab.drop(bad)
    tab.wait("document.querySelectorAll('#problems li').length == 1")
    told = tab.look("document.querySelector('#problems li').innerText")
    assert told.startswith("Line 17, column 52 /nodes/9/operands/0 operand 9 is not an earlier node (must be below 9)")
    assert tab.look("document.querySelector('#problems mark').textContent") == "9"
    assert tab.look("document.querySelector('#marks div').style.top") == f"{16 * 20}px"
    assert tab.look("document.querySelector('#frame').className") == "old"
    assert tab.look(f"{PICTURE}.naturalWidth") > 0
    tab.look("document.querySelector('#problems button').click()")
    assert selected(tab) == "9"
    tab.drop(good)
    tab.wait(DRAWN)
    assert tab.look("document.querySelector('#problems').textContent") == ""
    assert tab.look("document.querySelectorAll('#marks div').length") == 0


def selected(tab: Tab) -> str:
    """What is selected in the document, which has the focus."""
    field = "document.activeElement"
    assert tab.look(f"{field}.id") == "document"
    return str(tab.look(f"{field}.value.slice({field}.selectionStart, {field}.selectionEnd)"))


def test_everything_is_done_by_keyboard(shared_server, tab):
    tab.open(shared_server.address)
    tab.tab_to("#example")
    tab.press("Enter")
    tab.wait(DRAWN)
    tab.tab_to("#formats :checked")
    for name in ("text", "mermaid", "dot"):
        tab.press("ArrowRight")
        expected = shared_server.post(f"/v1/render/{name}", NEURON.encode()).text
        tab.wait(f"document.querySelector('#frame pre')?.textContent == {json.dumps(expected)}")
    assert tab.look("document.querySelector('[name=layout]').disabled")
    tab.press("ArrowRight")
    tab.wait(DRAWN)
    tab.tab_to("[name=fold]")
    tab.press("ArrowDown", "ArrowDown", "ArrowDown")
    folded = shared_server.post("/v1/render/svg?fold=groups", NEURON.encode()).text
    wait_until(lambda: tab.look(DRAWN) and shown(tab) == folded)
    tab.tab_to("#frame")
    width = f"{PICTURE}.width"
    before = tab.look(width)
    tab.press("+")
    assert tab.look(width) == pytest.approx(1.25 * before, abs=2)
    tab.press("-", "-")
    assert tab.look(width) == pytest.approx(before / 1.25, abs=2)
    tab.press("0")
    assert tab.look(f"{width} <= document.querySelector('#frame').clientWidth")
    tab.look("document.querySelector('#document').focus()")
    tab.look("document.activeElement.select()")
    tab.write(BROKEN)
    tab.wait("document.querySelectorAll('#problems li').length == 1")
    tab.tab_to("#problems button")
    tab.press("Enter")
    assert selected(tab) == "9"
    tab.write("8")
    tab.wait(DRAWN)


def test_the_address_of_a_picture_is_made_here_and_drawn_there(shared_server, tab):
    tab.open(shared_server.address)
    tab.look("document.querySelector('#example').click()")
    tab.wait(DRAWN)
    tab.look("document.querySelector('[name=direction]').value = 'TB'")
    tab.look("document.querySelector('#copy').click()")
    address = tab.wait("document.querySelector('#address').value")
    assert re.fullmatch(rf"{shared_server.address}/v1/render/svg/[\w-]+\?direction=TB", address)
    drawn = shared_server.get(address.removeprefix(shared_server.address))
    assert drawn.text == shared_server.post("/v1/render/svg?direction=TB", NEURON.encode()).text
    told = tab.wait("document.querySelector('#told').textContent")
    assert told in ("The address is copied.", "The browser lets no script copy here. The address is selected: copy it.")
    noise = "".join(f"{n * n * n * 7919 % 1_000_003:x}" for n in range(4_000))
    tab.look(f"document.querySelector('#document').value = {json.dumps(NEURON)}.replace('\"x1\"', '\"{noise}\"')")
    tab.look("document.querySelector('#copy').click()")
    long = tab.wait(
        "/^The address would have/.test(document.querySelector('#told').textContent)"
        " && document.querySelector('#told').textContent"
    )
    assert re.fullmatch(
        r"The address would have [\d,]+ characters, and 8,000 are the most\. "
        r"Send the document with POST /v1/render/svg\?direction=TB instead\.",
        long,
    )
    assert tab.look("document.querySelector('#address').hidden")


def test_a_file_that_is_too_long_is_not_read(shared_server, tab, tmp_path):
    file = tmp_path / "long.json"
    file.write_bytes(b" " * ((1 << 20) + 1))
    tab.open(shared_server.address)
    tab.drop(file)
    told = tab.wait("document.querySelector('#problems').innerText")
    assert told == "The file long.json has 1,048,577 bytes. The service takes 1,048,576."


def test_nothing_is_wider_than_a_narrow_page(shared_server, tab, tmp_path):
    tab.size(390, 844)
    tab.open(shared_server.address)
    for text in (NEURON, BROKEN):
        (tmp_path / "graph.json").write_text(text, encoding="utf-8")
        tab.drop(tmp_path / "graph.json")
        tab.wait(DRAWN if text == NEURON else "document.querySelectorAll('#problems li').length == 1")
        assert tab.look("document.documentElement.scrollWidth") == 390


def test_the_page_reads_well_in_light_and_in_dark(shared_server, tab, tmp_path):
    (tmp_path / "graph.json").write_text(BROKEN, encoding="utf-8")
    for dark in (False, True):
        tab.size(1400, 900, dark)
        tab.open(shared_server.address)
        tab.drop(tmp_path / "graph.json")
        tab.wait("document.querySelectorAll('#problems li').length == 1")
        assert tab.look(CONTRAST) >= 4.5, dark


CONTRAST = """
(() => {
    const parts = colour => colour.match(/[0-9.]+/g).map(Number);
    const luminance = colour => {
        const [r, g, b] = parts(colour).slice(0, 3).map(part => part / 255)
            .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ground = element => {
        const colour = getComputedStyle(element).backgroundColor;
        return parts(colour)[3] === 0 ? ground(element.parentElement) : colour;
    };
    const texts = [...document.querySelectorAll('body *')].filter(element => element.checkVisibility()
        && [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim()));
    return Math.min(...texts.map(element => {
        const [a, b] = [luminance(getComputedStyle(element).color), luminance(ground(element))].sort((x, y) => y - x);
        return (a + 0.05) / (b + 0.05);
    }));
})()
"""


def test_without_script_the_form_draws(shared_server, tab):
    tab.do("Emulation.setScriptExecutionDisabled", value=True)
    tab.open(shared_server.address)
    tab.tab_to("#example")
    tab.press("Enter")
    tab.wait(f"{PICTURE}?.naturalWidth > 0")
    tab.look(f"document.querySelector('#document').value = {json.dumps(BROKEN)}")
    tab.tab_to("#draw")
    tab.press("Enter")
    tab.wait("document.querySelectorAll('#problems li').length == 1")
    assert "Line 17, column 52" in tab.look("document.querySelector('#problems').innerText")


def test_a_save_is_shown_within_a_second(tab, tmp_path):
    file = tmp_path / "graph.json"
    file.write_text(NEURON, encoding="utf-8")

    def renaming(text: str) -> None:  # as vim does: the old file away, the new one in its place
        file.rename(tmp_path / "graph.json~")
        (tmp_path / ".new").write_text(text, encoding="utf-8")
        (tmp_path / ".new").replace(file)

    def in_place(text: str) -> None:
        file.write_text(text, encoding="utf-8")

    with viewing(file) as view:
        tab.open(view.service.address + view.service.first)
        tab.wait(DRAWN)
        assert tab.look("location.search") == ""
        assert tab.look("document.cookie") == ""  # no script reads it
        took = []
        for number, save in enumerate((in_place, renaming, in_place, renaming)):
            name = f"save{number}"
            start = time.monotonic()
            save(NEURON.replace('"x1"', f'"{name}"'))
            wait_until(partial(shows, tab, name))
            took.append(time.monotonic() - start)
        start = time.monotonic()
        view.get("/view/drawing/svg")
        assert min(took) < SECOND + 10 * (time.monotonic() - start), took  # more on a machine that is busy
        renaming(BROKEN)
        tab.wait("document.querySelectorAll('#problems li').length == 1")
        assert tab.look("document.querySelector('#problems li').innerText").startswith("Line 17, column 52")
        assert tab.look("document.querySelector('#problems mark').textContent") == "9"
        assert ">save3<" in shown(tab)
        assert tab.look(
            "document.querySelector('#problems').getBoundingClientRect().bottom"
            " <= document.querySelector('#frame').getBoundingClientRect().top"
        )
        tab.look("document.querySelector('#problems button').click()")
        assert selected(tab) == "9"
        file.unlink()
        tab.wait("/cannot be read/.test(document.querySelector('#problems').textContent)")
        in_place(NEURON.replace('"x1"', '"back"'))
        wait_until(partial(shows, tab, "back"))
        assert not tab.look("document.querySelector('#source').checkVisibility()")
        tab.open(f"{view.service.address}/")  # again, without the token: the cookie is enough
        tab.wait(DRAWN)
        interrupted(view.service)
        tab.wait("document.querySelector('#state').textContent == 'gradgraph view has stopped'")


def test_a_file_is_shown_without_script(tab, tmp_path):
    file = tmp_path / "graph.json"
    file.write_text(NEURON, encoding="utf-8")
    tab.do("Emulation.setScriptExecutionDisabled", value=True)
    with viewing(file) as view:
        tab.open(view.service.address + view.service.first)
        tab.wait(f"{PICTURE}?.naturalWidth > 500")
        assert not tab.look("document.querySelector('#formats').checkVisibility()")
        file.write_text(BROKEN, encoding="utf-8")
        tab.open(view.service.address + view.service.first)
        tab.wait(f"{PICTURE}?.naturalWidth == 560")  # a picture that says what is wrong


def test_a_name_that_leads_here_by_a_trick_is_refused(chromium, tmp_path):
    file = tmp_path / "graph.json"
    file.write_text(NEURON, encoding="utf-8")
    with viewing(file) as view, browsing("--host-resolver-rules=MAP evil.example 127.0.0.1") as ask:
        tab = Tab(ask).open(f"http://evil.example:{view.service.port}{view.service.first}")
        assert json.loads(tab.look("document.body.innerText"))["status"] == 421
