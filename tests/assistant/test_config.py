from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from assistant.config import CONFIG_NAME, Settings, load_settings
from ingest.errors import ConfigurationError
from tests.assistant.desk import leave_home


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user without settings, and an environment without any of ours."""
    return leave_home(monkeypatch, tmp_path)


def write(folder: Path, text: str) -> Path:
    path = folder / "settings.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_what_is_set_where_nothing_is() -> None:
    settings = load_settings()
    assert settings == Settings()
    assert (settings.embedder, settings.generator, settings.device) == ("static", "picker", None)
    assert settings.library.name == "library"
    assert settings.models.name == "models"


def test_a_file_says_what_differs(tmp_path: Path) -> None:
    path = write(tmp_path, f'library = "{tmp_path}/lib"\nevidence_lines = 30\nvocabulary = ["mine.toml"]\n')
    settings = load_settings(path)
    assert settings.library == tmp_path / "lib"
    assert settings.evidence_lines == 30
    assert settings.vocabulary == (Path("mine.toml"),)
    assert settings.embedder == "static"


def test_the_user_s_own_file_is_found() -> None:
    from platformdirs import user_config_path

    folder = user_config_path("tieout")
    folder.mkdir(parents=True)
    (folder / CONFIG_NAME).write_text("evidence_lines = 40\n", encoding="utf-8")
    assert load_settings().evidence_lines == 40


def test_the_environment_wins_over_the_file_and_what_is_given_over_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, 'library = "file"\nevidence_lines = 30\nembedder = "other"\n')
    monkeypatch.setenv("TIEOUT_LIBRARY", "environment")
    monkeypatch.setenv("TIEOUT_EVIDENCE_LINES", "50")
    assert load_settings(path).library == Path("environment")
    assert load_settings(path, library=Path("given")).library == Path("given")
    assert load_settings(path, library=None).library == Path("environment")
    assert load_settings(path).evidence_lines == 50
    assert load_settings(path).embedder == "other"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("libary = 'x'", "libary"),
        ("evidence_lines = 3", "evidence_lines"),
        ("evidence_lines = 201", "evidence_lines"),
        ("evidence_lines = 'many'", "evidence_lines"),
        ("library = 3", "library"),
        ("vocabulary = 'a.toml'", "vocabulary"),
        ("library = ", "not valid TOML"),
    ],
)
def test_a_file_that_is_wrong_is_told_in_one_line_with_its_name(text: str, said: str, tmp_path: Path) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ConfigurationError) as caught:
        load_settings(path)
    message = str(caught.value)
    assert str(path) in message
    assert said in message
    assert "\n" not in message


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot read the configuration"):
        load_settings(tmp_path / "missing.toml")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigurationError, match="not valid TOML"):
        load_settings(tmp_path / "binary.toml")


@pytest.mark.parametrize(
    ("name", "value"),
    [("TIEOUT_EVIDENCE_LINES", "many"), ("TIEOUT_EVIDENCE_LINES", "1"), ("TIEOUT_VOCABULARY", "mine.toml")],
)
def test_a_variable_that_is_wrong_is_told(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match="the environment") as caught:
        load_settings()
    assert name.removeprefix("TIEOUT_").lower() in str(caught.value).lower()


def test_settings_are_not_changed() -> None:
    with pytest.raises(ValidationError):
        load_settings().library = Path("x")


def test_a_variable_that_is_no_setting_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIEOUT_DATA", "data")
    load_settings()
    monkeypatch.setenv("TIEOUT_LIBARY", "somewhere")
    with pytest.raises(ConfigurationError, match=r"TIEOUT_LIBARY, which is no setting: did you mean TIEOUT_LIBRARY\?"):
        load_settings()
    monkeypatch.delenv("TIEOUT_LIBARY")
    monkeypatch.setenv("TIEOUT_XYZ", "1")
    with pytest.raises(ConfigurationError, match="settings are LIBRARY, MODELS, "):
        load_settings()
