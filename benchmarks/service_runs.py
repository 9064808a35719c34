"""How long from the click on "Find gaps" to the numbers and shapes of the answer?

``python -m benchmarks.service_runs ADDRESS`` asks a running server (``wangge demo``) for gaps and
radii by every way, each time by a standard nobody asked before, and prints wall seconds: put the
question, wait for the run, fetch its numbers and its layer; then the same question once more.
"""

import argparse
import json
import statistics
import time
import urllib.request

LAYER = {"service_gaps": "areas", "service_radius": "service_areas"}
FIRST_M = 1900


def fetch(url, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return answer.read()


def ask(address, analysis, mode, standard_m):
    start = time.perf_counter()
    body = {"analysis": analysis, "parameters": {"mode": mode, "standard_m": standard_m}}
    run = json.loads(fetch(f"{address}/api/runs?wait=60", body))
    assert run["state"] == "done", run
    fetch(f"{address}/api/runs/{run['id']}/result")
    fetch(f"{address}/api/runs/{run['id']}/layers/{LAYER[analysis]}")
    return time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--first-m", type=int, default=FIRST_M, help="not asked before")
    asked = parser.parse_args()
    address = asked.address.rstrip("/")
    print("| what | first | then, median | from the store |\n|---|---|---|---|")
    for analysis in LAYER:
        for mode in ("straight", "terrain", "road"):
            standards = range(asked.first_m, asked.first_m + asked.rounds + 1)
            first, *then = (ask(address, analysis, mode, standard) for standard in standards)
            again = ask(address, analysis, mode, standards[-1])
            print(
                f"| {analysis}, {mode} | {first:.2f} | {statistics.median(then):.2f} |"
                f" {again:.2f} |"
            )


if __name__ == "__main__":
    main()
