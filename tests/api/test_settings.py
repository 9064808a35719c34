from pathlib import Path

import pytest

from api.refusals import InvalidSetting
from api.services.basemaps import basemap_sources, describe_basemap
from api.settings import DEFAULT_PORT, Settings, environment_name, is_loopback, load_settings


@pytest.fixture(autouse=True)
def _no_settings_of_ours(monkeypatch):
    for name in Settings.model_fields:
        monkeypatch.delenv(environment_name(name), raising=False)


def test_nothing_needs_to_be_set(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    settings = load_settings()
    assert settings.home == tmp_path / "wangge"
    assert settings.port == DEFAULT_PORT
    assert settings.database_url is None


def test_root_keeps_its_data_where_postgres_can_enter(monkeypatch):
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert load_settings().home == Path("/var/lib/wangge")


def test_variables_and_overrides(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://db/county")
    monkeypatch.setenv("WANGGE_PORT", "9000")
    monkeypatch.setenv("WANGGE_MAP_REVIEW_NUMBER", "")
    monkeypatch.setenv("WANGGE_ALLOWED_HOSTS", "localhost, map.county")
    settings = load_settings(host=None)
    assert settings.database_url == "postgresql://db/county"
    assert settings.port == 9000
    assert settings.map_review_number is None
    assert settings.allowed_hosts == ("localhost", "map.county")
    assert load_settings(port=1).port == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WANGGE_PORT", "many"),
        ("WANGGE_PORT", "70000"),
        ("WANGGE_LANGUAGE", "fr"),
        ("WANGGE_BASEMAP", "xyz"),
        ("WANGGE_BASEMAP", "tianditu_vec"),
        ("WANGGE_BASEMAP_URL", "file:///etc/passwd"),
        ("WANGGE_MAX_UPLOAD_MB", "0"),
    ],
)
def test_a_bad_setting_is_named(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(InvalidSetting) as refused:
        load_settings()
    assert refused.value.problem.key == "invalid_setting"
    assert name in refused.value.problem.sentence("en")


def test_only_this_machine_can_be_served(monkeypatch):
    monkeypatch.setenv("WANGGE_HOST", "0.0.0.0")
    with pytest.raises(InvalidSetting) as refused:
        load_settings()
    assert refused.value.problem.key == "not_loopback"
    for language in ("zh", "en"):
        assert "0.0.0.0" in refused.value.problem.sentence(language)


def test_other_systems_need_a_name_to_call_and_no_open_door(monkeypatch):
    monkeypatch.setenv("WANGGE_OTHER_SYSTEMS", "true")
    assert load_settings().host == "127.0.0.1"
    with pytest.raises(InvalidSetting) as refused:
        load_settings(host="0.0.0.0")
    assert "WANGGE_ALLOWED_HOSTS" in refused.value.problem.sentence("zh")
    monkeypatch.setenv("WANGGE_ALLOWED_HOSTS", "localhost,10.1.2.3")
    assert load_settings(host="0.0.0.0").other_systems
    monkeypatch.setenv("WANGGE_ALLOW_REMOTE", "true")
    with pytest.raises(InvalidSetting) as refused:
        load_settings()
    assert "WANGGE_ALLOW_REMOTE" in refused.value.problem.sentence("zh")


def test_loopback():
    assert [is_loopback(h) for h in ("localhost", "127.0.0.1", "127.3.2.1", "::1", "[::1]")] == [
        True
    ] * 5
    assert is_loopback("::ffff:127.0.0.1")
    assert not is_loopback("::ffff:10.0.0.1")
    assert not any(is_loopback(h) for h in ("0.0.0.0", "10.0.0.1", "example.org", "localhost.x"))


def test_base_maps():
    assert describe_basemap(Settings()) is None
    assert basemap_sources(Settings()) == ()
    tianditu = Settings(basemap="tianditu_vec", basemap_key="a b")
    described = describe_basemap(tianditu)
    assert described["crs"] == "wgs84"
    assert described["url"].endswith("tk=a%20b")
    assert "{z}" in described["url"]
    assert "cva" in described["labels_url"]
    assert basemap_sources(tianditu) == ("https://*.tianditu.gov.cn",)
    assert describe_basemap(Settings(basemap="amap"))["crs"] == "gcj02"
    own = Settings(
        basemap="xyz", basemap_url="http://maps.local:8080/{z}/{x}/{y}.png", basemap_crs="gcj02"
    )
    assert describe_basemap(own)["crs"] == "gcj02"
    assert basemap_sources(own) == ("http://maps.local:8080",)


def test_a_base_map_cannot_write_into_the_policy():
    tricky = Settings(basemap="xyz", basemap_url="https://x.cn;script-src *//{z}/{x}/{y}")
    (source,) = basemap_sources(tricky)
    assert ";" not in source
    assert " " not in source


def test_a_wmts_template_is_filled_like_xyz():
    wmts = Settings(
        basemap="wmts",
        basemap_url="http://maps.local/w/{TileMatrix}/{TileRow}/{tilecol}.png?tk={key}",
        basemap_key="k",
    )
    assert describe_basemap(wmts)["url"] == "http://maps.local/w/{z}/{y}/{x}.png?tk=k"
