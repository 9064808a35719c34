/** Grids by number of households, with the rule drawn into it. */
import { useT } from "../app/hooks";

export interface HistogramProps {
  values: readonly number[];
  /** The same before what is being changed: drawn as an outline. */
  before?: readonly number[];
  minimum: number | null;
  maximum: number | null;
  label: string;
}

const WIDTH = 248;
const HEIGHT = 84;
const BASE = 68;

/** Bins of a round width, so that the rule's limits fall between bins; the last one is open. */
export function binsOf(values: readonly number[], before: readonly number[] = []) {
  const sorted = [...values, ...before].sort((a, b) => a - b);
  const most = sorted[Math.floor(sorted.length * 0.985)] ?? 0;
  const width = [5, 10, 20, 25, 50, 100, 200].find((size) => most / size <= 16) ?? 500;
  const number = Math.max(1, Math.ceil((most + 1) / width));
  const countIn = (sizes: readonly number[]) => {
    const counts = new Array<number>(number).fill(0);
    for (const size of sizes) {
      const bin = Math.min(number - 1, Math.floor(size / width));
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
    return counts;
  };
  return { width, counts: countIn(values), before: countIn(before) };
}

/** The outline of a histogram: up and down at the sides of each bin. */
function outline(counts: readonly number[], step: number, height: (n: number) => number): string {
  const tops = counts.map((n, bin) => `V${BASE - height(n)}H${(bin + 1) * step}`);
  return `M0 ${BASE}${tops.join("")}V${BASE}`;
}

export function Histogram({ values, before, minimum, maximum, label }: HistogramProps) {
  const t = useT();
  const { width, counts, before: old } = binsOf(values, before);
  const highest = Math.max(1, ...counts, ...old);
  const heightOf = (number: number) => (number / highest) * (BASE - 6);
  const step = WIDTH / counts.length;
  const x = (value: number) => Math.min(WIDTH, (value / width) * step);
  const within = (bin: number) =>
    (minimum === null || bin * width >= minimum) && (maximum === null || bin * width < maximum);
  return (
    <figure className="histogram">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
        {counts.map((number, bin) => {
          const height = heightOf(number);
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
        {before && (
          <path className="histogram-before" d={outline(old, step, heightOf)} fill="none" />
        )}
        <line x1="0" x2={WIDTH} y1={BASE} y2={BASE} stroke="#94a3b8" strokeWidth="0.8" />
        {[minimum, maximum].map(
          (limit) =>
            // A limit beyond the last bin would stand on the word for "and more".
            limit !== null &&
            limit < (counts.length - 1) * width && (
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
