/** Units by size with the limits drawn into it; before, as an outline, where there is an after. */
import type { RulesApplied, SizeMeasure } from "../../api/merges";
import { useT } from "../../app/hooks";
import { count } from "../../i18n/format";
import { type Bars, barsOf, type Limits, limitsOf } from "./bars";

interface SizeBarsProps {
  measure: SizeMeasure;
  edges: readonly number[];
  counts: readonly number[];
  before?: readonly number[];
  rules: Readonly<Record<string, RulesApplied>>;
}

const WIDTH = 320;
const HEIGHT = 96;
const TOP = 6;
const BASE = 78;
const WITHIN = "#41ab5d";
const PARTLY = "#a1d99b";
const OUTSIDE = "#f0b27a";

/** Below every minimum, within every rule, or something in between: by the middle of a stretch. */
function colourOf(size: number, { minima, maxima }: Limits): string {
  const isBelow = (limit: number) => size < limit;
  if (minima.length > 0 && minima.every(isBelow)) return OUTSIDE;
  const isAbove = (limit: number) => size > limit;
  if (maxima.length > 0 && maxima.every(isAbove)) return OUTSIDE;
  if (minima.some(isBelow) || maxima.some(isAbove)) return PARTLY;
  return WITHIN;
}

/** The last bar may go through limits that are not drawn. */
function colourOfStretch(from: number, to: number, limits: Limits): string {
  const colours = new Set([colourOf(from, limits), colourOf(to - 1, limits)]);
  return colours.size === 1 ? colourOf(from, limits) : PARTLY;
}

function outline({ counts }: Bars, step: number, y: (n: number) => number): string {
  return `M0 ${BASE}${counts.map((n, bin) => `V${y(n)}H${(bin + 1) * step}`).join("")}V${BASE}`;
}

export function SizeBars({ measure, edges, counts, before, rules }: SizeBarsProps) {
  const t = useT();
  const bars = barsOf(edges, counts, before);
  const limits = limitsOf(rules, measure);
  const openBar = bars.openTo === null ? -1 : bars.counts.length - 1;
  const end = bars.width * (openBar === -1 ? bars.counts.length : openBar);
  const step = WIDTH / Math.max(1, bars.counts.length);
  const highest = Math.max(1, ...bars.counts, ...(bars.before ?? []));
  const y = (n: number) => BASE - (n / highest) * (BASE - TOP);
  const x = (size: number) => Math.min(WIDTH, (size / bars.width) * step);
  const lines = [...limits.minima, ...limits.maxima].filter((limit) => limit < end);
  // A bar through which a limit goes is cut there.
  const pieces = bars.counts.flatMap((n, bin) => {
    const [from, to] = [bin * bars.width, (bin + 1) * bars.width];
    const cuts = [
      from,
      ...lines.filter((limit) => limit > from && limit < to).sort((a, b) => a - b),
      to,
    ];
    return cuts.slice(0, -1).map((start, index) => ({
      bin,
      n,
      start,
      stop: cuts[index + 1] ?? to,
    }));
  });

  function told(bin: number): string {
    const from = bin * bars.width;
    const values = {
      from: count(from),
      to: count(from + bars.width - 1),
      n: count(bars.counts[bin]),
    };
    const text = t(bin === openBar ? "merges.binLast" : "merges.bin", values);
    return bars.before
      ? t("merges.binBefore", { bin: text, n: count(bars.before[bin] ?? 0) })
      : text;
  }

  const label = t(`merges.histogram.${measure}`);
  return (
    <figure className="histogram size-bars">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
        {pieces.map(({ bin, n, start, stop }) => (
          <rect
            key={start}
            x={x(start) + (start === bin * bars.width ? 0.5 : 0)}
            y={y(n)}
            width={Math.max(0.5, x(stop) - x(start) - 0.5)}
            height={BASE - y(n)}
            fill={
              bin === openBar
                ? colourOfStretch(start, bars.openTo ?? stop, limits)
                : colourOf((start + stop) / 2, limits)
            }
          >
            <title>{told(bin)}</title>
          </rect>
        ))}
        {bars.before && (
          <path
            className="histogram-before"
            d={outline({ ...bars, counts: bars.before }, step, y)}
            fill="none"
          />
        )}
        <line x1="0" x2={WIDTH} y1={BASE} y2={BASE} stroke="#94a3b8" strokeWidth="0.8" />
        {lines.map((limit) => (
          <g key={limit} data-limit={limit}>
            <line
              x1={x(limit)}
              x2={x(limit)}
              y1="0"
              y2={BASE}
              stroke="#14532d"
              strokeDasharray="3 2"
            />
            <text x={x(limit)} y={HEIGHT - 5} textAnchor="middle">
              {count(limit)}
            </text>
          </g>
        ))}
        {!lines.some((limit) => x(limit) < 16) && (
          <text x="0" y={HEIGHT - 5}>
            0
          </text>
        )}
        {!lines.some((limit) => x(limit) > WIDTH - 60) && (
          <text x={WIDTH} y={HEIGHT - 5} textAnchor="end">
            {count(end)}
            {bars.openTo !== null && "+"}
          </text>
        )}
      </svg>
      <figcaption>
        {label}
        {before && ` · ${t("merges.histogram.before")}`}
      </figcaption>
    </figure>
  );
}
