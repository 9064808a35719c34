"""How long the sample county takes: ``python -m benchmarks.sample`` (aim: 20 s of CPU in all)."""

import json
import resource
import tempfile
import time
from pathlib import Path

from data.sample import generate
from data.sample.write import write_county


def main() -> None:
    start = time.process_time()
    county = generate()
    generated = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        paths = write_county(county, Path(folder))
        written = time.process_time()
        size = sum(path.stat().st_size for path in paths.values())
    report = {
        "generate_cpu_s": round(generated - start, 2),
        "write_cpu_s": round(written - generated, 2),
        "files_mb": round(size / 1e6, 1),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3),
        "households": len(county.households),
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main()
