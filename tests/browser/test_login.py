"""Who may see the page: logging in, and where that is demanded."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from index.cli import run
from qa.cli import commands
from qa.users import add_user
from tests.conftest import free_port

OpenTab = Callable[..., Page]
Ask = Callable[[Page, str], Locator]
Serve = Callable[..., str]
Reply = tuple[int, dict[str, str], bytes]

ROOT = Path(__file__).parents[2]
ROCKET = "How many civilians were killed by the rocket near Baghdad?"
PASSWORD = "correct horse ∑ battery"  # noqa: S105  # of nobody


@pytest.fixture(scope="module")
def users(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("users") / "users"
    for name in ("anna", "børge", "carl", "zo\u00e9"):
        add_user(path, name, PASSWORD)
    return path


@pytest.fixture(scope="module")
def locked(serve: Serve, small_index: Path, users: Path) -> str:
    return serve(small_index, ROOT / "seeds", "--users", str(users))


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    """A tab that shows no page yet."""
    with browser.new_context() as context:
        yield context.new_page()


@pytest.fixture
def send(locked: str) -> Iterator[Callable[..., Reply]]:
    """Send a request; gives status, headers and body."""
    connection = http.client.HTTPConnection(urlsplit(locked).netloc)

    def send_it(method: str, path: str, body: str = "", **headers: str) -> Reply:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, names)
        response = connection.getresponse()
        got = {name.lower(): value for name, value in response.getheaders()}
        return response.status, got, response.read()

    yield send_it
    connection.close()


Send = Callable[..., Reply]


def log_in(send: Send, name: str, password: str, target: str = "/") -> Reply:
    form = urlencode({"name": name, "password": password})
    return send("POST", f"/login?{urlencode({'next': target})}", form)


def session(reply: Reply) -> str:
    return reply[1]["set-cookie"].split(";")[0]


def test_a_person_logs_in_asks_and_logs_out(locked: str, tab: Page, ask: Ask) -> None:
    page = tab
    page.goto(f"{locked}?article=x")
    expect(page).to_have_title("Log in – Article QA")
    expect(page.get_by_label("Name")).to_be_focused()
    page.keyboard.type("børge")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{locked}?article=x")
    page.locator("#qa-welcome .welcome").wait_for(state="attached")  # it can be asked
    expect(ask(page, ROCKET).locator(".answer")).to_contain_text("seven civilians")
    assert page.evaluate("document.cookie") == ""
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url(f"{locked}login")
    page.go_back()
    expect(page.get_by_label("Password")).to_be_visible()


def test_who_logs_in_next_at_the_same_browser_sees_nothing_of_the_one_before(
    locked: str, tab: Page, ask: Ask
) -> None:
    page = tab
    listed = page.locator("[data-conversation]")

    def log_in_as(name: str) -> None:
        page.goto(locked)
        page.get_by_label("Name").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(locked)
        page.locator("#qa-welcome .welcome").wait_for(state="attached")
        expect(page.get_by_label("Your question")).to_be_enabled()

    def log_out() -> None:
        page.get_by_role("button", name="Log out").click()
        page.wait_for_url(f"{locked}login")

    log_in_as("anna")
    ask(page, ROCKET)
    page.get_by_label("Your question").fill("What did Anna want to")
    log_out()
    log_in_as("børge")
    expect(page.locator(".welcome")).to_be_visible()
    expect(listed).to_have_count(0)
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.get_by_label("Your question")).to_have_value("")
    log_out()
    log_in_as("anna")
    expect(listed).to_have_text([ROCKET])
    expect(page.locator("#qa-log .answer")).to_contain_text("seven civilians")
    expect(page.get_by_label("Your question")).to_have_value("What did Anna want to")


def test_a_wrong_password_is_said_on_a_form_that_keeps_the_name(locked: str, tab: Page) -> None:
    page = tab
    name = '"><script>alert(1)</script>'
    page.goto(locked)
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill("x")
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_have_text("The name or the password is wrong.")
    expect(page.get_by_label("Name")).to_have_value(name)
    expect(page.get_by_label("Password")).to_be_focused()
    expect(page.get_by_label("Password")).to_have_value("")


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_form_fits_and_can_be_read(
    locked: str, tab: Page, shut_out: Callable[[Page], list[str]], width: int, scheme: str
) -> None:
    page = tab
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(f"{locked}login")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.get_by_role("button", name="Log in")).to_be_in_viewport()
    paint = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paint == ("rgb(22, 24, 27)" if scheme == "dark" else "rgb(251, 250, 248)")
    assert shut_out(page) == []
    page.get_by_label("Name").fill("nobody")
    page.get_by_label("Password").fill(f"{width} {scheme}")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    assert shut_out(page) == []


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/config",
        "/theme.css",
        "/assets/index.js",
        "/static/img/logo.svg",
        "/gradio_api/queue/data?session_hash=x",
        "/gradio_api/queue/join",
        "/gradio_api/component_server",
        "/gradio_api/run/predict",
        "/gradio_api/heartbeat/x",
        "/upload?name=a.txt",
        "/logout/",
        "/login/",
        "//login",
        "/healthz/../config",
        "/LOGIN",
        "/login%2f..%2fconfig",
    ],
)
def test_nothing_is_served_to_who_has_not_logged_in(send: Send, path: str) -> None:
    for method in ("GET", "POST"):
        status, _, body = send(method, path)
        assert status in (401, 404, 405)
        assert b"gradio" not in body


def test_health_and_the_form_are_open(send: Send) -> None:
    status, _, body = send("GET", "/healthz")
    health = json.loads(body)
    assert (status, health["status"], health["articles"]) == (200, "ok", 3)
    assert set(health) == {"status", "generation", "articles"}
    assert send("GET", "/login")[0] == 200


def test_a_session_is_a_cookie_that_scripts_and_other_sites_do_not_get(send: Send) -> None:
    status, headers, _ = reply = log_in(send, "anna", PASSWORD, "/?article=a b")
    assert (status, headers["location"]) == (303, "/?article=a%20b")
    attributes = {part.strip().lower() for part in headers["set-cookie"].split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/"} <= attributes
    cookie = session(reply)
    status, headers, _ = send("GET", "/config", cookie=cookie)
    assert (status, headers["cache-control"]) == (200, "no-store")
    assert send("POST", "/logout", cookie=cookie)[0] == 303
    assert send("GET", "/config", cookie=cookie)[0] == 401  # a copy that somebody kept


def test_a_name_may_be_typed_with_its_accents_apart(send: Send) -> None:
    cookie = session(log_in(send, "zo\u0065\u0301", PASSWORD))
    assert send("GET", "/config", cookie=cookie)[0] == 200


def test_a_session_cannot_be_made_up(send: Send) -> None:
    name, _, token = session(log_in(send, "anna", PASSWORD)).partition("=")
    payload, _, signature = token.partition(".")
    for forged in (
        payload,
        f"{payload}.",
        f"{payload[:-2]}AA.{signature}",
        f"{payload}.{signature[:-1]}",
        ".",
        "é",
        "W10.x",
        f"{'W1tb' * 10_000}.x",
    ):
        header = f"{name}={forged}".encode().decode("latin-1")
        assert send("GET", "/config", cookie=header)[0] == 401
    assert send("GET", "/config", cookie=f"{name}={token}")[0] == 200


def test_who_is_removed_or_gets_another_password_is_out(send: Send, users: Path) -> None:
    cookie = session(log_in(send, "carl", PASSWORD))
    assert send("GET", "/config", cookie=cookie)[0] == 200
    assert add_user(users, "carl", PASSWORD + "!") is False
    assert send("GET", "/config", cookie=cookie)[0] == 401
    cookie = session(log_in(send, "carl", PASSWORD + "!"))
    kept = [line for line in users.read_text("utf-8").splitlines() if not line.startswith("carl:")]
    users.write_text("\n".join(kept) + "\n", "utf-8")
    assert send("GET", "/config", cookie=cookie)[0] == 401
    assert log_in(send, "carl", PASSWORD + "!")[0] == 401


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/\r\nx: y",
        "",
    ],
)
def test_nobody_is_led_to_another_site(send: Send, target: str) -> None:
    status, headers, _ = log_in(send, "anna", PASSWORD, target)
    assert (status, headers["location"]) == (303, "/")
    assert "x" not in headers


def test_another_site_cannot_log_anybody_in_or_out(send: Send) -> None:
    for path in ("/login", "/logout"):
        assert send("POST", path, origin="http://evil.example")[0] == 403
    assert send("GET", "/logout")[0] == 405


def test_who_tries_too_often_has_to_wait(send: Send) -> None:
    tries = [log_in(send, "dora", "x") for _ in range(6)]
    assert [status for status, _, _ in tries] == [401] * 5 + [429]
    assert 0 < int(tries[-1][1]["retry-after"]) <= 901
    assert b"Too many tries. Try again in 15 minutes." in tries[-1][2]
    assert log_in(send, "anna", PASSWORD)[0] == 303


def test_a_form_that_is_none_is_refused(send: Send) -> None:
    for body in ("", "name=anna", "x" * 20_000, "a=1&" * 20, "\x00=%ff&name=%ff&password=%ff"):
        assert send("POST", "/login", body)[0] == 401


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--host", "0.0.0.0"], "say --no-password"),  # noqa: S104
        (["--host", "::"], "qa add-user"),
        (["--users", "nobody"], "qa add-user NAME --users nobody"),
        (["--users", "empty"], "has no user"),
        (["--users", "broken"], "broken, line 1: not NAME:HASH"),
    ],
)
def test_a_page_without_the_login_it_needs_does_not_start(
    small_index: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    said: str,
) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "broken").write_text("anna:hunter2\n")
    monkeypatch.chdir(tmp_path)
    status = run(commands, ["chat", "--index", str(small_index), "--port", str(free_port()), *options])
    assert status in (1, 2)
    told = capsys.readouterr().err
    assert re.fullmatch(r"qa: .*\n", told)
    assert said in told
