"""The map in Firefox, spoken to through its own WebDriver BiDi: Debian has no geckodriver."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from itertools import count

import pandas as pd
import pytest

from geomap.maps import draw

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
ADDRESS = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
READY = """new Promise((done) => (function wait() {
  document.querySelector('[data-ready]') ? done(true) : setTimeout(wait, 50); })())"""


class Session:
    """One tab of a headless Firefox."""

    def __init__(self, socket):
        self.socket = socket
        self.numbers = count(1)
        self.logged = []
        self.send("session.new", {"capabilities": {}})
        self.send("session.subscribe", {"events": ["log.entryAdded", "network.beforeRequestSent"]})
        self.requests = []
        (tab,) = self.send("browsingContext.getTree", {})["contexts"]
        self.tab = tab["context"]

    def send(self, method, params):
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            answer = json.loads(self.socket.recv())
            if answer.get("method") == "log.entryAdded":
                self.logged.append(answer["params"]["text"])
            elif answer.get("method") == "network.beforeRequestSent":
                self.requests.append(answer["params"]["request"]["url"])
            if answer.get("id") == number:
                assert answer["type"] == "success", answer
                return answer["result"]

    def open(self, url):
        params = {"context": self.tab, "url": url, "wait": "complete"}
        self.send("browsingContext.navigate", params)

    def run(self, code):
        params = {"expression": code, "target": {"context": self.tab}, "awaitPromise": True}
        result = self.send("script.evaluate", params)
        assert result["type"] == "success", result
        return result["result"].get("value")


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    websocket = pytest.importorskip("websocket", reason="websocket-client is not installed")
    if not FIREFOX:
        pytest.skip("Firefox is not installed")
    profile = tmp_path_factory.mktemp("profile")
    command = [FIREFOX, "--headless", "--remote-debugging-port=0", "--profile", str(profile)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        address = next(found[1] for line in process.stderr if (found := ADDRESS.search(line)))
        socket = websocket.create_connection(address + "/session", timeout=60, suppress_origin=True)
        yield Session(socket)
        socket.close()
    finally:
        process.terminate()
        process.wait(timeout=30)
        process.stderr.close()


def test_the_map_opens_filters_and_asks_for_nothing(session, atlas, tmp_path):
    hostile = "<img src=x onerror='window.hit=1'> ${1} {{7*7}} \u202e"
    rows = {"type": ["riot.mob"] * 700, "lat": 45.0, "lon": [5 + n / 1000 for n in range(700)]}
    frame = pd.DataFrame(rows | {"title": hostile, "quote": "A quote. " * 20})
    draw(frame, title=hostile, gazetteer=atlas).save(tmp_path / "map.html")
    session.open((tmp_path / "map.html").as_uri())
    session.logged.clear()
    assert session.run(READY) is True
    assert session.run("document.querySelector('.gm-heading h1').textContent") == hostile
    assert session.run("geomapViewer.view.shownCount") == 700
    session.run("geomapViewer.pick(geomapViewer.view, 3, null)")
    assert session.run("document.querySelector('.gm-popup .gm-title').textContent") == hostile
    session.run("document.querySelector('.gm-legend input').click()")
    assert session.run("geomapViewer.view.shownCount") == 0
    assert session.run("String(window.hit)") == "undefined"
    assert session.logged == []
    assert [url for url in session.requests if url.startswith("http")] == []
