import os

from api.compiled import drop_stale


def test_compiled_code_older_than_any_source_is_dropped(tmp_path):
    cache = tmp_path / "reach" / "__pycache__"
    cache.mkdir(parents=True)
    old, young = cache / "search-1.py311.nbi", cache / "choose-1.py311.1.nbc"
    sources = tmp_path / "reach" / "kernels.py", tmp_path / "heaps.py"
    for file, moment in ((sources[0], 100), (old, 200), (sources[1], 300), (young, 400)):
        file.write_text("")
        os.utime(file, (moment, moment))
    assert drop_stale(tmp_path) == 1
    assert not old.exists(), "heaps.py has changed since, and may be part of it"
    assert young.exists()
    assert drop_stale(tmp_path) == 0
