"""A headless Chromium, driven over its own debugging pipe: no driver and no package needed."""

from __future__ import annotations

import base64
import itertools
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any

try:
    import fcntl
except ImportError:  # Windows has none, and the pipe below needs it
    fcntl = None  # type: ignore[assignment]

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PATIENCE = 30.0


def find_browser() -> str | None:
    """The path of a Chromium, or None."""
    if fcntl is None:
        return None
    given = os.environ.get("CHROMIUM")
    return given or next((path for path in map(shutil.which, NAMES) if path), None)


class Browser:
    """One browser process; `page` opens a tab."""

    def __init__(self, program: str) -> None:
        self.folder = tempfile.mkdtemp(prefix="valuegrad-browser-")
        theirs_in, ours_out = os.pipe()
        ours_in, theirs_out = os.pipe()
        fds = [fcntl.fcntl(fd, fcntl.F_DUPFD, 20) for fd in (theirs_in, theirs_out)]

        def connect() -> None:
            os.dup2(fds[0], 3)
            os.dup2(fds[1], 4)

        flags = "--headless --no-sandbox --disable-gpu --no-first-run --hide-scrollbars"
        command = [program, *flags.split(), "--remote-debugging-pipe", "--disable-dev-shm-usage"]
        command += [f"--user-data-dir={self.folder}", "about:blank"]
        self.process = subprocess.Popen(
            command,
            preexec_fn=connect,
            pass_fds=(3, 4),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for fd in (theirs_in, theirs_out, *fds):
            os.close(fd)
        self.input, self.output = ours_in, ours_out
        self.buffer = b""
        self.events: list[dict[str, Any]] = []
        self.ids = itertools.count(1)

    def call(self, method: str, session: str = "", **params: Any) -> dict[str, Any]:
        """Send one command and wait for its answer; events that arrive meanwhile are kept."""
        number = next(self.ids)
        message = {"id": number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        os.write(self.output, json.dumps(message).encode() + b"\0")
        end = time.monotonic() + PATIENCE
        while True:
            answer = self.receive(end - time.monotonic())
            if answer.get("id") == number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return dict(answer["result"])
            self.events.append(answer)

    def receive(self, seconds: float) -> dict[str, Any]:
        """The next message from the browser."""
        end = time.monotonic() + seconds
        while b"\0" not in self.buffer:
            ready, _, _ = select.select([self.input], [], [], max(end - time.monotonic(), 0))
            if not ready:
                raise TimeoutError("the browser did not answer")
            self.buffer += os.read(self.input, 1 << 16)
        first, self.buffer = self.buffer.split(b"\0", 1)
        return dict(json.loads(first))

    def page(self, path: Path, **options: Any) -> Page:
        """Open a file in a new tab and wait until it is loaded."""
        return Page(self, path, **options)

    def __enter__(self) -> Browser:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.process.terminate()
        self.process.wait(10)
        os.close(self.input)
        os.close(self.output)
        shutil.rmtree(self.folder, ignore_errors=True)


class Page:
    """A tab: run script in it, press keys, click, take pictures, and see what it asked for."""

    def __init__(
        self,
        browser: Browser,
        path: Path,
        fragment: str = "",
        width: int = 1280,
        height: int = 800,
        scripts: bool = True,
        dark: bool = False,
    ) -> None:
        self.browser = browser
        self.blocked = not scripts
        self.requests: list[str] = []
        self.errors: list[str] = []
        self.seen: set[str] = set()
        target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        opened = browser.call("Target.attachToTarget", targetId=target, flatten=True)
        self.session = opened["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])
        self.call("Emulation.setScriptExecutionDisabled", value=not scripts)
        self.address = path.as_uri()
        self.call("Page.navigate", url=self.address + fragment)
        self.wait_for("Page.loadEventFired")

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """One command for this tab."""
        result = self.browser.call(method, self.session, **params)
        self.sort_events()
        return result

    def sort_events(self) -> list[str]:
        """Note requests, script errors and console messages; the names of what arrived."""
        events, self.browser.events = self.browser.events, []
        names = []
        for event in events:
            method, params = event.get("method", ""), event.get("params", {})
            names.append(method)
            if method == "Network.requestWillBeSent":
                self.requests.append(params["request"]["url"])
            elif method == "Runtime.exceptionThrown":
                self.errors.append(json.dumps(params["exceptionDetails"])[:500])
            elif method == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
                self.errors.append(params["entry"]["text"])
            elif method == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning"):
                self.errors.append(json.dumps(params["args"])[:500])
        self.seen.update(names)
        return names

    def wait_for(self, event: str) -> None:
        """Wait until an event has arrived."""
        end = time.monotonic() + PATIENCE
        self.sort_events()
        while event not in self.seen:
            self.browser.events.append(self.browser.receive(end - time.monotonic()))
            self.sort_events()

    def run(self, script: str) -> Any:
        """The value of an expression in the page; promises are awaited."""
        answer = self.call(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in answer:
            raise RuntimeError(json.dumps(answer["exceptionDetails"])[:800])
        return answer["result"].get("value")

    def until(self, condition: str) -> None:
        """Wait until an expression is true."""
        end = time.monotonic() + PATIENCE
        while not self.run(condition):
            if time.monotonic() > end:
                raise TimeoutError(f"never true: {condition}")
            time.sleep(0.02)

    def press(self, key: str, text: str = "") -> None:
        """Press and release a key."""
        common = {"key": key, **({"text": text} if text else {})}
        self.call("Input.dispatchKeyEvent", type="keyDown", **common)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key)

    def click(self, selector: str, count: int = 1) -> None:
        """A real mouse click into the middle of an element."""
        place = self.run(
            f"(()=>{{const r=document.querySelector({json.dumps(selector)})"
            ".getBoundingClientRect();return [r.x+r.width/2,r.y+r.height/2]})()"
        )
        for turn in range(1, count + 1):
            for kind in ("mousePressed", "mouseReleased"):
                self.mouse(kind, place[0], place[1], turn)

    def mouse(self, kind: str, x: float, y: float, count: int = 1) -> None:
        """One mouse event with the left button."""
        buttons = 1 if kind != "mouseReleased" else 0
        self.call(
            "Input.dispatchMouseEvent",
            type=kind,
            x=x,
            y=y,
            button="left",
            buttons=buttons,
            clickCount=count,
        )

    def picture(self, path: Path) -> Path:
        """Save a screenshot."""
        shot = self.call("Page.captureScreenshot", format="png")
        path.write_bytes(base64.b64decode(shot["data"]))
        return path

    def close(self) -> None:
        """Close the tab."""
        self.call("Page.close")
