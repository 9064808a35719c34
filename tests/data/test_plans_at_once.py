"""Several at one time: writers of one plan, commenters, imports and publications."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from data import grids, households, plan_comments, plan_lines, plan_log, plans, publishing
from data.db import make_engine
from tests.data.drafts import (
    A1,
    A2,
    A3,
    B2,
    HOUR,
    A,
    attempt_edit,
    draw,
    in_force,
    make_county,
    make_lines,
    make_plan,
    shape_of_plan,
    split,
)
from tests.data.frames import LATER, NOW, make_households

WRITERS = 8


@pytest.fixture
def shared(fresh_database):
    engine = make_engine(fresh_database, pool_size=WRITERS + 1)
    with engine.begin() as connection:
        make_county(connection)
    yield engine
    engine.dispose()


def test_writers_of_one_plan_come_one_after_the_other_and_the_late_see_it(shared):
    with shared.begin() as connection:
        plan = make_plan(connection)
    together = threading.Barrier(WRITERS)

    def write(writer):
        try:
            return draw_four_times(writer)
        except BaseException:
            together.abort()  # nobody waits for who has failed
            raise

    def draw_four_times(writer):
        """Draw always on the revision seen last; return how often it was too late."""
        late = 0
        with shared.connect() as connection:
            for number in range(4):
                name = {"name": f"{writer}-{number}"}
                edit = {"type": "set_attributes", "grid": (A1, A2, B2)[writer % 3]}
                together.wait()
                with connection.begin():
                    seen = plans.fetch(connection, plan)["revision"]
                while True:
                    with connection.begin():
                        if plans.lock(connection, plan)["revision"] == seen:
                            draw(connection, plan, edit | {"attributes": name}, author=str(writer))
                            break
                        late += 1
                        seen = plans.fetch(connection, plan)["revision"]
        return late

    with ThreadPoolExecutor(WRITERS) as threads:
        late = sum(threads.map(write, range(WRITERS)))
    assert late >= WRITERS  # seven of eight in the first round alone
    with shared.begin() as connection:
        log = plan_log.fetch_log(connection, plan)
        assert [row["position"] for row in log] == list(range(1, 4 * WRITERS + 1))
        assert [row["revision"] for row in log] == list(range(1, 4 * WRITERS + 1))
        for writer in range(WRITERS):
            own = [row["edit"]["attributes"]["name"] for row in log if row["author"] == f"{writer}"]
            assert own == [f"{writer}-{number}" for number in range(4)]
        shown = shape_of_plan(connection, plan)
        for code in (A1, A2, B2):
            last = [row for row in log if row["edit"]["grid"] == code][-1]
            assert shown[code][0] == last["edit"]["attributes"]["name"]
        assert plan_lines.move_head(connection, plan, -4 * WRITERS, now=LATER)["head"] == 0
        wkb = {code: row[-1] for code, row in shape_of_plan(connection, plan).items()}
        assert wkb == in_force(connection)


def test_a_comment_does_not_wait_for_an_edit(shared):
    with shared.begin() as connection:
        plan = make_plan(connection)
    with shared.begin() as editing, shared.begin() as talking:
        talking.execute(text("SET LOCAL lock_timeout = '5s'"))
        draw(editing, plan, split(A2, 108.017))
        plan_comments.store_comment(talking, plan, text="?", lon=108, lat=31, author="王", now=NOW)


def test_two_publications_over_one_village_are_one_publication_and_one_conflict(shared):
    with shared.begin() as connection:
        both = [make_plan(connection, name=name) for name in "甲乙"]
        draw(connection, both[0], split(A2, 108.017))
        draw(connection, both[1], split(A3, 108.027))
    together = threading.Barrier(2)

    def publish(plan):
        together.wait()
        try:
            with shared.begin() as connection:
                return publishing.publish_lines(connection, plan, now=LATER)
        except publishing.ConflictError as error:
            return error.problems[0].key

    with ThreadPoolExecutor(2) as threads:
        found = list(threads.map(publish, both))
    assert [type(one) for one in found].count(publishing.PublishCounts) == 1
    assert found.count("plan_conflict") == 1
    with shared.begin() as connection:
        assert len(grids.fetch_frame(connection, scope=A)) == 4


def test_publishing_waits_for_an_import_and_then_sees_what_it_did(shared):
    with shared.begin() as connection:
        plan = make_plan(connection)
        draw(connection, plan, split(A2, 108.017))
    started, locked = threading.Event(), threading.Event()

    def publish():
        with shared.begin() as connection:
            started.set()
            publishing.lock_lines(connection)
            locked.set()
            return publishing.find_conflicts(connection, plan)

    with ThreadPoolExecutor(1) as threads:
        with shared.begin() as importing:
            grids.store_frame(importing, make_lines((A1,), A, 0, name="改名"), now=LATER)
            waiting = threads.submit(publish)
            started.wait()
            assert not locked.wait(0.3)
        assert [(c.code, c.change) for c in waiting.result()] == [(A1, "changed")]


@pytest.mark.parametrize("layer", ["households", "grids"])
def test_nobody_imports_between_the_checks_and_the_publication(shared, layer):
    with shared.begin() as connection:
        plan = make_plan(connection)
        draw(connection, plan, split(A2, 108.017))
    started, stored = threading.Event(), threading.Event()

    def store():
        with shared.begin() as connection:
            started.set()
            if layer == "households":
                households.store_frame(connection, make_households([(108.011, 31.001)]), now=LATER)
            else:
                grids.store_frame(connection, make_lines((A1,), A, 0, name="x"), now=LATER + HOUR)
            stored.set()

    with ThreadPoolExecutor(1) as threads:
        with shared.begin() as publishing_now:
            publishing.lock_lines(publishing_now)
            waiting = threads.submit(store)
            started.wait()
            assert not stored.wait(0.3)
            with shared.begin() as reading:  # readers do not wait
                reading.execute(text("SET LOCAL lock_timeout = '5s'"))
                assert len(grids.fetch_frame(reading)) == 6
            assert publishing.publish_lines(publishing_now, plan, now=LATER).opened == 2
        waiting.result()
    assert stored.is_set()


def test_a_writer_that_dies_leaves_nothing_behind(shared):
    with shared.begin() as connection:
        plan = make_plan(connection)
        draw(connection, plan, split(A2, 108.017))
        before = shape_of_plan(connection, plan)
    with shared.connect() as dying:
        edit, lines, outcome = attempt_edit(dying, plan, split(A3, 108.027))
        plan_lines.store_edit(
            dying, plan, edit=edit, outcome=outcome, before=lines, author="李", now=LATER
        )
        dying.invalidate()
    with shared.begin() as connection:
        assert shape_of_plan(connection, plan) == before
        assert plans.lock(connection, plan)["head"] == 1
