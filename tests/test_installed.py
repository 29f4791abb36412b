"""The installed program is as safe and as handsome as the checkout, from whatever folder it is started."""

from __future__ import annotations

import http.client
import socket
import tomllib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NewSession_pb2 import Config

from dashboard.answer_grid.security import HEADERS, policy
from dashboard.server_settings import SHIPPED
from tests.installed import PACKAGES, ROOT, Installed, Serving, build, files_in, install
from tests.patience import PATIENCE_S, wait_until

THEME = tomllib.loads(SHIPPED.read_text("utf-8"))["theme"]
# What lies in somebody's own project, and must not be taken for ours.
THEIRS = ("prompts/__init__.py", "providers.py", "dashboard/__init__.py", "streamlit.py", "app.py", "main.py")
EVERYWHERE = "0.0.0.0"  # noqa: S104 -- what the tests are about
AUTH = """
[auth]
redirect_uri = "http://localhost:8501/oauth2callback"
cookie_secret = "thirty-two characters or more, made for this test"
client_id = "collate"
client_secret = "a secret of this test"
server_metadata_url = "http://127.0.0.1:9/.well-known/openid-configuration"
"""


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    return install(wheel, tmp_path_factory.mktemp("installed") / "venv")


def a_users(folder: Path) -> Path:
    """That folder with programs of the user's own, each of which ends whatever imports it."""
    for name in THEIRS:
        file = folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"raise SystemExit('{name} of the user was imported')", "utf-8")
    (folder / ".streamlit").mkdir()
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return a_users(tmp_path)


@pytest.fixture(scope="module")
def serving(installed: Installed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """The dashboard as it is started first, without any settings."""
    with installed.serving(a_users(tmp_path_factory.mktemp("started"))) as serving:
        yield serving


def get(url: str, path: str = "/", host: str | None = None) -> http.client.HTTPResponse:
    place = urlsplit(url)
    assert place.hostname is not None
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=PATIENCE_S)
    connection.request("GET", path, headers={"Host": host} if host else {})
    response = connection.getresponse()
    response.read()
    connection.close()
    return response


def text_of(messages: list[ForwardMsg]) -> str:
    return "\n".join(str(message) for message in messages)


def settings_of(messages: list[ForwardMsg]) -> ForwardMsg:
    return next(message for message in messages if message.WhichOneof("type") == "new_session")


def test_the_wheel_holds_every_file_of_our_packages_and_no_other(wheel: Path) -> None:
    ours = {
        file.relative_to(ROOT).as_posix()
        for name in PACKAGES
        for file in (ROOT / name).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    assert files_in(wheel) == ours


def test_every_command_works_in_a_folder_that_holds_programs_of_the_user(installed: Installed, folder: Path) -> None:
    asked = installed.run("ask", "What is a class?", "-m", "builtin:ngram-2", cwd=folder)
    assert (asked.returncode, asked.stderr) == (0, "")
    for arguments in (("--version",), ("check", "builtin"), ("show", "last")):
        done = installed.run(*arguments, cwd=folder)
        assert (done.returncode, done.stderr) == (0, ""), arguments
    done = installed.run("export", "runs.html", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "What is a class?" in (folder / "runs.html").read_text("utf-8")


def test_it_listens_here_only_under_its_own_name_and_with_its_headers(serving: Serving) -> None:
    assert serving.url.startswith("http://127.0.0.1:")
    with pytest.raises(OSError), socket.create_connection(("127.0.0.2", urlsplit(serving.url).port or 0), 5):
        pass
    page = get(serving.url)
    assert page.status == 200
    assert {name: page.headers[name] for name in HEADERS} == HEADERS
    assert page.headers["Content-Security-Policy"] == policy(urlsplit(serving.url).netloc)
    assert get(serving.url, host="evil.example").status == 400
    assert get(serving.url, "/_stcore/health", host="evil.example").status == 400
    assert serving.log.read_text("utf-8") == ""


def test_it_wears_its_theme_and_sends_no_statistics(serving: Serving) -> None:
    messages = serving.page()
    session = settings_of(messages).new_session
    assert not session.config.gather_usage_stats
    assert session.config.toolbar_mode == Config.ToolbarMode.VIEWER
    assert session.custom_theme.light.primary_color == THEME["light"]["primaryColor"]
    assert session.custom_theme.dark.background_color == THEME["dark"]["backgroundColor"]
    assert 'label: "Prompt"' in text_of(messages)
    assert "exception" not in {message.delta.new_element.WhichOneof("type") for message in messages}


@pytest.mark.parametrize("where", ["here", "home"])
def test_nobody_sees_a_page_before_they_have_logged_in(
    where: str, installed: Installed, folder: Path, home: Path
) -> None:
    place = (folder if where == "here" else home) / ".streamlit"
    place.mkdir(exist_ok=True)
    (place / "secrets.toml").write_text(AUTH, "utf-8")
    with installed.serving(folder) as serving:
        shown = text_of(serving.page())
        wait_until(lambda: get(serving.url, "/health").status == 200)
        assert get(serving.url, "/health/live").status == 200
        assert get(serving.url, "/health", host="evil.example").status == 400
    assert "Log in" in shown
    assert "Prompt" not in shown


def test_secrets_that_cannot_be_read_let_nobody_in(installed: Installed, folder: Path) -> None:
    (folder / ".streamlit" / "secrets.toml").write_text(AUTH + "[auth", "utf-8")
    with installed.serving(folder) as serving:
        shown = text_of(serving.page())
    assert "Nobody can log in" in shown
    assert "Prompt" not in shown


def test_the_users_own_settings_are_followed_and_listening_wider_says_what_it_means(
    installed: Installed, folder: Path
) -> None:
    (folder / ".streamlit" / "config.toml").write_text(
        '[server]\naddress = "0.0.0.0"\nallowedHosts = ["localhost", "team.example"]\n'
        '[client]\ntoolbarMode = "minimal"\n[theme]\nprimaryColor = "#ff0000"\n',
        "utf-8",
    )
    with installed.serving(folder) as serving:
        session = settings_of(serving.page()).new_session
        assert get(serving.url, host="team.example").status == 200
        assert get(serving.url, host="127.0.0.1").status == 400
        warned = serving.log.read_text("utf-8")
    assert session.config.toolbar_mode == Config.ToolbarMode.MINIMAL
    assert {session.custom_theme.light.primary_color, session.custom_theme.dark.primary_color} == {"#ff0000"}
    assert session.custom_theme.light.background_color == THEME["light"]["backgroundColor"]
    assert "nobody has to log in" in warned
    assert "have no effect" not in warned


def test_listening_wider_where_people_log_in_needs_no_warning(installed: Installed, folder: Path) -> None:
    (folder / ".streamlit" / "secrets.toml").write_text(AUTH, "utf-8")
    with installed.serving(folder, env={"STREAMLIT_SERVER_ADDRESS": EVERYWHERE}) as serving:
        get(serving.url)
        assert serving.log.read_text("utf-8") == ""


def test_streamlit_run_is_as_safe_and_names_what_it_does_not_follow(installed: Installed, folder: Path) -> None:
    (folder / ".streamlit" / "config.toml").write_text('[server]\naddress = "0.0.0.0"\n', "utf-8")
    app = str(installed.packages / "dashboard" / "app.py")
    command = (installed.python, "-P", "-m", "streamlit", "run", app, "--server.headless", "true")
    with installed.serving(folder, *command) as serving:
        assert serving.url.startswith("http://127.0.0.1:")
        assert get(serving.url, host="evil.example").status == 400
        session = settings_of(serving.page()).new_session
        warned = serving.log.read_text("utf-8")
    assert session.custom_theme.light.primary_color == THEME["light"]["primaryColor"]
    assert "server.address" in warned
