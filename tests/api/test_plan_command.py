"""``wangge plan`` on real PostGIS, in this process: a plan from its making to the lines."""

import io
import json
import sys

import pytest

from api.cli import main
from tests.api import tiny
from tests.api.drafting import A1, A2, B1, FIRST, LOCK, MERGE, MERGE_B, SPLIT, TRANSFER

A3 = f"{FIRST}003"
COUNTY = tiny.COUNTY


@pytest.fixture(autouse=True)
def home(own_engine, tmp_path, monkeypatch):
    monkeypatch.setenv("WANGGE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "200")
    for name in ("WANGGE_PORT", "WANGGE_LANGUAGE", "LC_ALL", "LANG"):
        monkeypatch.delenv(name, raising=False)
    url = own_engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("DATABASE_URL", url)


@pytest.fixture
def plan(capsys):
    """Run ``wangge plan …``; return its exit code, standard output and standard error."""

    def run(*words):
        code = main(["plan", *map(str, words)])
        said = capsys.readouterr()
        assert "Traceback" not in said.err + said.out
        return code, said.out, said.err

    return run


@pytest.fixture
def script(tmp_path):
    """Write edits one a line; return the file."""

    def write(*lines):
        path = tmp_path / "edits.jsonl"
        texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
        path.write_text("\n".join(texts) + "\n", encoding="utf-8")
        return path

    return write


@pytest.fixture
def made(plan):
    """Return the id of a plan called 试划."""
    code, out, said = plan("create", "试划", COUNTY, "--json")
    assert code == 0, said
    return json.loads(out)["id"]


def shown(plan, name):
    return json.loads(plan("show", name, "--json")[1])


def test_a_plan_is_scripted_from_beginning_to_end(plan, script, tmp_path):
    code, out, said = plan("create", "河东镇优化", tiny.TOWNSHIP)
    assert code == 0, said
    assert "河东镇" in out
    code, out, said = plan("edit", "河东镇优化", script(SPLIT, "", "# 第二步", TRANSFER, MERGE_B))
    assert code == 0, said
    assert "Edits stored: 3" in said
    assert "已保存 3 个修改" in said
    assert A3 in out
    assert "→" in out

    code, out, said = plan("diff", "河东镇优化", "-o", tmp_path / "diff.geojson")
    assert code == 0, said
    assert "Grids 4 → 4" in said
    layers = [
        feature["properties"]["layer"]
        for feature in json.loads((tmp_path / "diff.geojson").read_text())["features"]
    ]
    assert layers.count("grids") == 5
    code, out, _ = plan("diff", "河东镇优化", "--json", "--households")
    assert {h["new_grid"] for h in json.loads(out)["households"]} == {A3, B1}

    code, out, said = plan("problems", "河东镇优化")
    assert code == 0
    assert "0 errors" in said
    code, _, said = plan("publish", "河东镇优化")
    assert code == 1
    assert "note" in said
    assert "写明理由" in said
    assert A1 in said
    code, out, said = plan("publish", "河东镇优化", "--note", "山区住户分散")
    assert code == 0, said
    assert "已发布" in out
    assert "Published" in said
    code, out, _ = plan("list")
    assert "已发布" in out
    assert main(["check"]) == 0


def test_undo_and_redo(plan, script, made):
    plan("edit", made, script(SPLIT, TRANSFER, MERGE_B))
    code, out, said = plan("undo", made, "--times", 2)
    assert code == 0, said
    assert shown(plan, made)["edits"] == 1
    code, out, said = plan("undo", made, "--times", 2)
    assert code == 1
    assert "没有可以撤销的修改" in said
    assert shown(plan, made)["edits"] == 1  # all the way or not at all
    code, out, _ = plan("redo", made, "--json")
    assert code == 0
    assert json.loads(out)["steps"][0]["edit"]["type"] == "transfer"
    log = shown(plan, made)["log"]
    assert [entry["state"] for entry in log] == ["applied", "applied", "undone"]
    assert "已撤销" in plan("show", made)[1]


def test_a_refused_line_ends_the_run_and_stores_nothing_of_itself(plan, script, made):
    cut = {"type": "transfer", "to": A1, "area": tiny.box(108.005, 31.004, 108.021, 31.006)}
    code, _, said = plan("edit", made, script(SPLIT, cut, MERGE_B))
    assert code == 1
    assert "line 2" in said
    assert "第 2 行" in said
    assert "断成" in said
    assert "would fall into" in said
    assert '"tidy": true' in said  # the fix, to be pasted
    assert "Edits stored: 1; lines refused: 1" in said
    assert shown(plan, made)["edits"] == 1
    code, _out, said = plan("edit", made, script(cut, MERGE_B, "nonsense", LOCK), "--keep-going")
    assert code == 1
    assert "Edits stored: 2; lines refused: 2" in said
    assert "line 3" in said
    assert "JSON" in said


def test_a_preview_plays_all_and_stores_nothing(plan, script, made):
    renamed = {"type": "set_attributes", "grid": A3, "attributes": {"name": "北片"}}
    code, out, said = plan("edit", made, script(SPLIT, renamed), "--preview")
    assert code == 0, said
    assert "北片" in out  # the second line stands on the first
    assert "2 lines possible, 0 refused; nothing was stored" in said
    assert shown(plan, made)["edits"] == 0
    code, out, said = plan("edit", made, script(renamed, SPLIT), "--preview", "--keep-going")
    assert code == 1
    assert "1 lines possible, 1 refused" in said
    assert shown(plan, made)["revision"] == 0


def test_edits_from_standard_input(plan, made, monkeypatch):
    content = "\ufeff" + json.dumps(SPLIT) + "\r\n" + json.dumps(MERGE_B)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content.encode())))
    code, out, said = plan("edit", made, "-", "--json")
    assert code == 0, said
    answer = json.loads(out)
    assert [(e["line"], e["edit"]["type"]) for e in answer["edits"]] == [(1, "split"), (2, "merge")]
    assert (answer["revision"], answer["refused"]) == (2, [])


def test_a_stale_revision_is_refused(plan, script, made):
    plan("edit", made, script(SPLIT))
    code, out, said = plan("edit", made, script(MERGE_B), "--revision", 0, "--json")
    assert code == 1
    assert "方案已被改动" in said
    [refused] = json.loads(out)["refused"]
    assert refused["error"]["key"] == "plan_changed"
    assert refused["error"]["details"]["edits"][0]["type"] == "split"
    assert plan("edit", made, script(MERGE_B), "--revision", 1)[0] == 0


@pytest.mark.parametrize(
    ("content", "key"),
    [(b"\xff\xfe{}", "invalid_edit"), (b"[" * 50_000, "invalid_edit"), (b"[]", "invalid_edit")],
)
def test_files_that_hold_no_edits(plan, made, tmp_path, content, key):
    path = tmp_path / "bad.jsonl"
    path.write_bytes(content)
    code, out, _ = plan("edit", made, path, "--json")
    assert code == 1
    assert json.loads(out)["refused"][0]["error"]["key"] == key


def test_files_that_are_not_there(plan, made, tmp_path):
    for path in (tmp_path / "none.jsonl", tmp_path):
        code, out, said = plan("edit", made, path)
        assert (code, out) == (1, "")
        assert str(path) in said
        assert "文件" in said
    assert plan("import", tmp_path / "none")[0] == 1


def test_a_plan_by_id_beginning_or_name(plan, made):
    assert plan("create", "另一个", COUNTY)[0] == 0
    for name in (made, made[:8], made.upper(), "试划"):
        assert shown(plan, name)["id"] == made
    code, _, said = plan("show", "没有")
    assert code == 1
    assert "没有找到" in said
    plan("create", "试划", COUNTY)
    code, _, said = plan("show", "试划")
    assert code == 1
    assert made[:8] in said
    assert "不止一个" in said
    assert shown(plan, made)["id"] == made


def test_through_the_states(plan, script, made):
    plan("edit", made, script(SPLIT))
    assert "已提交" in plan("submit", made)[1]
    code, _, said = plan("edit", made, script(MERGE_B))
    assert code == 1
    assert "不能修改" in said
    assert "草案" in plan("reopen", made)[1]
    assert "已撤回" in plan("withdraw", made)[1]
    code, out, _ = plan("list", "--state", "withdrawn", "--json")
    assert [p["id"] for p in json.loads(out)["plans"]] == [made]
    assert plan("list", "--state", "lost")[0] == 2
    assert plan("publish", made, "--note", "x")[0] == 1


def test_copy_and_compare(plan, script, made):
    plan("edit", made, script(SPLIT))
    code, out, _ = plan("copy", made, "乙案")
    assert code == 0
    plan("edit", "乙案", script(MERGE_B))
    code, out, said = plan("diff", "乙案", "--against", "试划", "--json")
    assert code == 0, said
    assert {row["change"] for row in json.loads(out)["grids"]} == {"changed", "removed"}


def test_rebase_after_another_plan(plan, script, made, capsys):
    plan("edit", made, script(TRANSFER, LOCK))
    plan("create", "先行", COUNTY)
    plan("edit", "先行", script(MERGE))
    assert plan("publish", "先行", "--note", "保留")[0] == 0
    code, _, said = plan("publish", made, "--note", "保留")
    assert code == 1
    assert A2 in said
    assert plan("problems", made)[0] == 1
    code, _, said = plan("rebase", made)
    assert code == 1
    assert "2 edits cannot be replayed" in said
    code, _out, said = plan("rebase", made, "--drop")
    assert code == 0, said
    assert "#1 transfer" in said
    assert "放弃" in said
    assert shown(plan, made)["edits"] == 0


def test_rebase_tells_what_was_replayed_on_other_land(plan, script, made):
    plan("edit", made, script(TRANSFER, MERGE_B))
    plan("create", "先行", COUNTY)
    plan("edit", "先行", script(SPLIT))
    assert plan("publish", "先行", "--note", "保留")[0] == 0
    code, _, said = plan("rebase", made)
    assert code == 0, said
    assert "请核对" in said
    assert "#1 transfer" in said
    assert f"网格 {A1} 的范围已与修改时不同。" in said
    assert "#2" not in said


def test_out_as_a_file_and_back(plan, script, made, tmp_path):
    plan("edit", made, script(SPLIT, LOCK))
    path = tmp_path / "plan.geojson"
    assert plan("export", made, "-o", path)[0] == 0
    code, out, said = plan("import", path, "--json")
    assert code == 0, said
    answer = json.loads(out)
    assert (answer["replayed"], answer["problems"]) == (2, [])
    assert plan("export", answer["id"], "-o", tmp_path / "again.geojson")[0] == 0
    features = [
        json.loads(file.read_text())["features"] for file in (path, tmp_path / "again.geojson")
    ]
    assert features[0] == features[1]
    broken = tmp_path / "broken.geojson"
    broken.write_text("{}")
    code, _, said = plan("import", broken)
    assert code == 1
    assert "wangge_plan" in said


def test_comments_are_listed(plan, made, own_client):
    own_client.post(f"/api/plans/{made}/comments", json={"text": "为什么？", "point": [108, 31]})
    assert "为什么？" in plan("comments", made)[1]


def test_words_that_are_no_command(plan):
    assert plan("explode")[0] == 2
    assert plan("create", "x")[0] == 2
    assert plan("undo", "x", "--times", 0)[0] == 2
    code, _, said = plan("create", "x", "999999")
    assert code == 1
    assert "999999" in said
