"""Files that are wrong, empty or strange: a sentence with the rows in zh and en, or a result."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from api.cli import main
from tests.api import county_files as files

HOMES = [(0, 0), (500, 0), (3000, 0)]
COMMANDS = ("gaps", "radius", "access")


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("WANGGE_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    for name in ("DATABASE_URL", "WANGGE_LANGUAGE", "LC_ALL", "LANG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def ask(capsys, tmp_path):
    """Put a question to households and centers; return exit code, totals, what was said."""

    def put(command, homes, sites, *words, standard=("--standard-m", 1000)):
        paths = []
        for name, frame in (("homes", homes), ("sites", sites)):
            path = frame if isinstance(frame, (str, type(tmp_path))) else tmp_path / f"{name}.gpkg"
            if path is not frame:
                files.write(frame, path)
            paths.append(path)
        asked = (command, "--households", paths[0], "--centers", paths[1], *standard, *words)
        code = main([str(word) for word in (*asked, "--json")])
        said = capsys.readouterr()
        assert "Traceback" not in said.err + said.out
        assert code == 0 or not said.out
        return code, files.totals(said.out) if code == 0 else None, said.err

    return put


def homes(**columns):
    return files.places(HOMES, **columns)


def sites(**columns):
    return files.places([(0, 0), (600, 0)], id=["k1", "k2"], **columns)


@pytest.mark.parametrize(
    ("words", "column", "zh"),
    [
        (("--weight", "w"), [1, None, 2], "缺少"),
        (("--weight", "w"), [1, -1, 2], "不能是负数"),
        (("--weight", "w"), [1, 1.5, 2], "不能是小数"),
        (("--weight", "w"), ["1", "x7", "2"], "应是整数"),
        (("--id", "w"), ["a", "b", "b"], "重复"),
        (("--id", "w"), ["a", None, "b"], "缺少"),
    ],
)
def test_a_wrong_value_is_told_with_its_row(ask, words, column, zh):
    code, _, said = ask("gaps", homes(w=column), sites(), *words)
    assert code == 1
    assert zh in said
    row = 3 if column[1] == "b" else 2
    assert f"homes.gpkg 第 {row} 行" in said
    assert f"homes.gpkg row {row}" in said


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("gaps", ("--weight", "none")),
        ("gaps", ("--id", "none")),
        ("radius", ("--capacity", "none")),
        ("access", ("--supply", "none")),
    ],
)
def test_a_missing_column_names_those_there_are(ask, command, words):
    code, _, said = ask(command, homes(people=[1, 2, 3]), sites(places=[1, 2]), *words)
    assert code == 1
    assert "none" in said
    assert ("people" if command == "gaps" else "id, places") in said


@pytest.mark.parametrize(
    ("column", "zh"), [([1, -5], "负"), ([1, 2.5], "小数"), (["1", "x9"], "应是整数")]
)
def test_a_wrong_capacity_is_told_with_its_row(ask, column, zh):
    code, _, said = ask("radius", homes(), sites(places=column), "--capacity", "places")
    assert code == 1
    assert zh in said
    assert "sites.gpkg row 2" in said


def test_a_supply_that_is_missing_is_not_zero(ask):
    code, _, said = ask("access", homes(), sites(beds=[1, None]), "--supply", "beds")
    assert code == 1
    assert "sites.gpkg row 2" in said
    code, found, _ = ask("access", homes(), sites(beds=[1.5, 0]), "--supply", "beds")
    assert code == 0
    assert found["mean"] > 0


@pytest.mark.parametrize("command", COMMANDS)
def test_a_household_without_a_place_is_counted_apart(ask, tmp_path, command):
    lost = homes(id=list("abc"))
    lost.loc[1, "geometry"] = None
    out = tmp_path / "out.csv" if command != "radius" else tmp_path / "out"
    code, found, said = ask(command, lost, sites(), "-o", out)
    assert code == 0
    assert found["states"]["unlocated"]["households"] == 1
    assert "1 household has no usable place" in said
    rows = files.rows(out if out.suffix else out / "households.csv")
    assert rows["id"].tolist() == list("abc")
    assert rows["status"].tolist() == ["served", "unlocated", "far"]
    assert np.isnan(rows["distance_m"][1])


def test_a_coordinate_that_is_no_number_is_told_with_its_row(ask, tmp_path):
    path = tmp_path / "homes.csv"
    path.write_text("id,lon,lat\na,108.0,31.9\nb,nan,31.9\nc,108.0,north\n")
    code, _, said = ask("gaps", path, sites(), "--crs", "EPSG:4326")
    assert code == 1
    assert "homes.csv row 2" in said
    assert "homes.csv row 3" in said
    assert "NaN 或无穷大" in said


def test_a_center_without_a_place_is_refused(ask):
    lost = sites()
    lost.loc[1, "geometry"] = shapely.Point()
    code, _, said = ask("gaps", homes(), lost)
    assert code == 1
    assert "sites.gpkg row 2" in said
    assert "sites.gpkg 第 2 行" in said


@pytest.mark.parametrize("command", COMMANDS)
def test_all_on_one_place(ask, command):
    crowd = files.places([(0, 0)] * 5)
    code, found, _ = ask(command, crowd, files.places([(0, 0)] * 2))
    assert code == 0
    assert found["states"]["served"]["households"] == 5
    if command == "radius":
        assert [center["people"] for center in found["centers"]] == [5, 0]
        assert found["uniform"]["radius"] == 0.0


@pytest.mark.parametrize("command", COMMANDS)
def test_one_household(ask, command):
    code, found, _ = ask(command, files.places([(0, 0)]), files.places([(1000, 0)]))
    assert code == 0
    assert found["states"]["served"]["households"] == 1


@pytest.mark.parametrize("command", COMMANDS)
def test_no_center_of_the_level(ask, command, tmp_path):
    stations = sites(level=["station", "station"])
    code, found, said = ask(command, homes(), stations, "-o", tmp_path / "out.gpkg")
    assert code == 0
    assert found["centers_counted"] == 0
    assert found["states"]["no_center"]["households"] == 3
    assert "没有村级及以上的服务中心" in said
    rows = files.rows(tmp_path / "out.gpkg", "households")
    assert not rows["served"].any()
    assert rows["nearest_center"].isna().all()


def test_some_centers_without_a_level_are_refused(ask):
    code, _, said = ask("gaps", homes(), sites(level=["village", None]))
    assert code == 1
    assert "sites.gpkg row 2" in said


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("which", ["homes", "sites"])
def test_a_file_without_rows(ask, command, which):
    frames = {"homes": homes(), "sites": sites()}
    frames[which] = frames[which].iloc[:0]
    code, _, said = ask(command, frames["homes"], frames["sites"])
    assert code == 1
    assert f"{which}.gpkg" in said
    assert "没有数据行" in said


def test_a_file_that_is_not_there(ask, tmp_path):
    code, _, said = ask("gaps", tmp_path / "nothing.csv", sites())
    assert code == 1
    assert "nothing.csv" in said


def test_a_file_that_does_not_say_its_system(ask, tmp_path):
    path = tmp_path / "homes.csv"
    pd.DataFrame({"x": [500_000.0], "y": [3_530_000.0]}).to_csv(path, index=False)
    code, _, said = ask("gaps", path, sites())
    assert code == 1
    assert "坐标系" in said
    assert ask("gaps", path, sites(), "--crs", "EPSG:99999")[0] == 1
    assert ask("gaps", path, sites(), "--crs", "EPSG:4326")[0] == 1, "metres are no degrees"


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("--standard-m", "0"), "standard-m"),
        (("--standard-m", "-5"), "standard-m"),
        (("--standard-m", "nan"), "standard-m"),
        (("--standard-m", "inf"), "standard-m"),
        (("--standard-min", "0"), "standard-min"),
        (("--standard-m", "500", "--standard-min", "10"), "standard-min"),
        (("--mode", "road"), "--roads"),
        (("--mode", "terrain"), "--dem"),
        (("--means", "drive"), "--roads"),
        (("--means", "drive", "--mode", "straight"), "--means drive"),
        (("--scope", "500"), "--scope"),
        (("--plan", "x"), "--plan"),
        (("-o", "out.docx"), "out.docx"),
    ],
)
def test_words_that_make_no_question(ask, command, words, named):
    code, _, said = ask(command, homes(), sites(), *words, standard=())
    assert code == 2
    assert named in said


@pytest.mark.parametrize("share", ["0", "1.5", "nan"])
def test_a_share_is_above_0_and_at_most_1(ask, share):
    assert ask("radius", homes(), sites(), "--share", share)[0] == 2
    assert ask("radius", homes(), sites(), "--share", "1")[0] == 0


def test_only_half_of_the_files(capsys):
    assert main(["gaps", "--households", "x.csv"]) == 2
    assert main(["access", "--centers", "x.csv"]) == 2
    assert main(["gaps", "--dem", "x.tif"]) == 2
    capsys.readouterr()


def roads(*lines, **columns):
    shapes = [shapely.affinity.translate(line, files.X0, files.Y0) for line in lines]
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=files.ZONE)


def test_roads_in_pieces_without_length_and_over_themselves(ask, tmp_path):
    knot = shapely.LineString([(0, 0), (600, 0), (600, 200), (300, -200), (0, 0)])
    apart = shapely.LineString([(2900, 50), (3100, 50)])
    point = shapely.LineString([(700, 0), (700, 0)])
    path = files.write(roads(knot, apart, point), tmp_path / "roads.gpkg")
    code, found, said = ask("gaps", homes(), sites(), "--roads", path)
    assert code == 0, said
    assert found["mode"] == "road"
    assert found["states"]["unreachable"]["households"] == 1
    for sentence in ("2 条道路没有等级", "互不连通", "长度为零"):
        assert sentence in said, said


def test_roads_that_are_points_are_refused(ask, tmp_path):
    path = files.write(files.places([(0, 0)]), tmp_path / "roads.gpkg")
    code, _, said = ask("gaps", homes(), sites(), "--roads", path)
    assert code == 1
    assert "roads.gpkg row 1" in said


def test_heights_that_are_not_known_leave_households_unlocated(ask, tmp_path):
    values = np.zeros((20, 80))
    values[:, 5:15] = np.nan
    path = files.write_heights(tmp_path / "dem.tif", values)
    people = files.places([(100, 500), (500, 500), (3000, 500), (9000, 500)])
    code, found, said = ask("gaps", people, files.places([(3500, 500)]), "--dem", path)
    assert code == 0, said
    assert found["mode"] == "terrain"
    states = {name: n["households"] for name, n in found["states"].items() if n["households"]}
    assert states == {"served": 1, "unreachable": 1, "unlocated": 2}


def test_heights_of_elsewhere_are_refused(ask, tmp_path):
    path = files.write_heights(tmp_path / "dem.tif", np.zeros((10, 10)))
    far = files.places([(0, 900_000), (500, 900_000)])
    code, _, said = ask("gaps", far, far, "--dem", path)
    assert code == 1
    assert "dem.tif" in said


def test_what_is_no_raster_is_refused(ask, tmp_path):
    path = tmp_path / "dem.tif"
    path.write_text("heights")
    code, _, said = ask("gaps", homes(), sites(), "--dem", path)
    assert code == 1
    assert "dem.tif" in said


def test_a_refused_question_writes_nothing(ask, tmp_path):
    out = tmp_path / "out.gpkg"
    out.write_bytes(b"old")
    assert ask("gaps", homes(w=[1, -1, 2]), sites(), "--weight", "w", "-o", out)[0] == 1
    assert out.read_bytes() == b"old"
    assert not (tmp_path / "home").exists()
