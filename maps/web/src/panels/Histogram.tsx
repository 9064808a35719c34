/** Grids by number of households, with the rule drawn into it. */
import { useT } from "../app/hooks";

export interface HistogramProps {
  values: readonly number[];
  minimum: number | null;
  maximum: number | null;
  label: string;
}

const WIDTH = 248;
const HEIGHT = 84;
const BASE = 68;

/** Bins of a round width, so that the rule's limits fall between bins; the last one is open. */
export function binsOf(values: readonly number[]): { width: number; counts: number[] } {
  const sorted = [...values].sort((a, b) => a - b);
  const most = sorted[Math.floor(sorted.length * 0.985)] ?? 0;
  const width = [5, 10, 20, 25, 50, 100, 200].find((size) => most / size <= 16) ?? 500;
  const counts = new Array<number>(Math.max(1, Math.ceil((most + 1) / width))).fill(0);
  for (const value of values) {
    const bin = Math.min(counts.length - 1, Math.floor(value / width));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { width, counts };
}

export function Histogram({ values, minimum, maximum, label }: HistogramProps) {
  const t = useT();
  const { width, counts } = binsOf(values);
  const highest = Math.max(1, ...counts);
  const step = WIDTH / counts.length;
  const x = (value: number) => Math.min(WIDTH, (value / width) * step);
  const within = (bin: number) =>
    (minimum === null || bin * width >= minimum) && (maximum === null || bin * width < maximum);
  return (
    <figure className="histogram">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
        {counts.map((number, bin) => {
          const height = (number / highest) * (BASE - 6);
          const from = bin * width;
          return (
            <rect
              key={bin}
              x={bin * step + 0.5}
              y={BASE - height}
              width={Math.max(1, step - 1)}
              height={height}
              fill={within(bin) ? "#41ab5d" : "#f0b27a"}
            >
              <title>
                {t("layers.histogram.bin", { from, to: from + width - 1, count: number })}
              </title>
            </rect>
          );
        })}
        <line x1="0" x2={WIDTH} y1={BASE} y2={BASE} stroke="#94a3b8" strokeWidth="0.8" />
        {[minimum, maximum].map(
          (limit) =>
            limit !== null && (
              <g key={limit}>
                <line
                  x1={x(limit)}
                  x2={x(limit)}
                  y1="0"
                  y2={BASE}
                  stroke="#14532d"
                  strokeDasharray="3 2"
                />
                <text x={x(limit)} y={HEIGHT - 4} textAnchor="middle">
                  {limit}
                </text>
              </g>
            ),
        )}
        {(minimum === null || x(minimum) > 22) && (
          <text x="0" y={HEIGHT - 4}>
            0
          </text>
        )}
        <text x={WIDTH} y={HEIGHT - 4} textAnchor="end">
          {(counts.length - 1) * width}+
        </text>
      </svg>
      <figcaption>{label}</figcaption>
    </figure>
  );
}
