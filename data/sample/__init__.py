"""The sample county Chengkou 城口 (500229): a real frame filled with invented life.

Real: outline, divisions, urban–rural classes, census totals (sources in ``facts/SOURCES.md``).
Synthetic, seeded and labelled so: cells, grids, households, centers, terrain.
"""

from data.sample.county import SEED, SampleCounty, generate
from data.sample.write import write_files

__all__ = ["SEED", "SampleCounty", "generate", "write_files"]
