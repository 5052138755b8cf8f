import { formatShort } from "@ddpm/core/authoring";
import { useState } from "preact/hooks";
import { type Axis, linearAxis, logAxis } from "./axis.ts";
import { useWidth } from "./use-width.ts";

/** A line: x rises, and y has a number for each x. */
export interface Curve {
  readonly name: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** Number of its colour, so that a curve keeps it; its place among the curves when left out. */
  readonly colour?: number;
  /** Drawn behind, pale. */
  readonly faint?: boolean;
}

export interface PlotProps {
  readonly title: string;
  readonly xLabel: string;
  readonly curves: readonly Curve[];
  readonly logY?: boolean;
  readonly height?: number;
  /** Range of y; that of the curves when left out. */
  readonly y?: readonly [low: number, high: number];
  readonly x?: readonly [low: number, high: number];
}

const LEFT = 48;
const RIGHT = 10;
const TOP = 8;
const BOTTOM = 34;
/** Half of what a letter of a label takes, and a little more. */
const LETTER = 3.6;

/** Lines over a common x, with the numbers under the pointer. */
export function Plot({ title, xLabel, curves, logY = false, height = 220, ...given }: PlotProps) {
  const [ref, width] = useWidth<HTMLElement>(600);
  const [at, setAt] = useState<number>();
  const range =
    given.x ??
    extent(
      curves.flatMap(({ x }) => [x[0] ?? 0, x[x.length - 1] ?? 1]),
      false,
    );
  const x = linearAxis(range[0], range[1], LEFT, width - RIGHT, Math.max(2, Math.floor(width / 90)));
  const yRange =
    given.y ??
    extent(
      curves.flatMap(({ y }) => Array.from(y)),
      logY,
    );
  const y = (logY ? logAxis : linearAxis)(yRange[0], yRange[1], height - BOTTOM, TOP, 5);
  const pointed = (event: PointerEvent): void => {
    const left = (event.currentTarget as Element).getBoundingClientRect().left;
    const share = (event.clientX - left - LEFT) / (width - LEFT - RIGHT);
    setAt(share < 0 || share > 1 ? undefined : range[0] + share * (range[1] - range[0]));
  };
  return (
    <figure class="plot" ref={ref}>
      <figcaption>{title}</figcaption>
      <svg
        width={width}
        height={height}
        role="img"
        aria-label={`${title}. ${curves.map(inWords).join("; ")}`}
        onPointerMove={pointed}
        onPointerLeave={() => setAt(undefined)}
      >
        <Frame {...{ x, y, width, height, xLabel }} />
        {curves.map((curve, i) => (
          <path
            key={curve.name}
            class={`curve colour-${(curve.colour ?? i) % 8}${curve.faint ? " faint" : ""}`}
            d={pathOf(curve, x, y, logY, height - BOTTOM)}
          />
        ))}
        {at !== undefined && (
          <line class="pointer" x1={x.place(at)} x2={x.place(at)} y1={TOP} y2={height - BOTTOM} />
        )}
      </svg>
      {at !== undefined && (
        <p class={at > (range[0] + range[1]) / 2 ? "readout left" : "readout"} aria-hidden="true">
          {readout(curves, at)}
        </p>
      )}
    </figure>
  );
}

interface FrameProps {
  readonly x: Axis;
  readonly y: Axis;
  readonly width: number;
  readonly height: number;
  readonly xLabel: string;
}

function Frame({ x, y, width, height, xLabel }: FrameProps) {
  const floor = height - BOTTOM;
  return (
    <g class="frame">
      {y.ticks.map(({ value, label }) => (
        <g key={value}>
          <line x1={LEFT} x2={width - RIGHT} y1={y.place(value)} y2={y.place(value)} />
          <text x={LEFT - 6} y={y.place(value) + 4} text-anchor="end">
            {label}
          </text>
        </g>
      ))}
      {x.ticks.map(({ value, label }) => (
        <text
          key={value}
          // A label at the edge stays inside.
          x={Math.min(x.place(value), width - LETTER * label.length)}
          y={floor + 15}
          text-anchor="middle"
        >
          {label}
        </text>
      ))}
      <text x={(LEFT + width - RIGHT) / 2} y={height - 4} text-anchor="middle">
        {xLabel}
      </text>
    </g>
  );
}

function extent(values: readonly number[], log: boolean): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value) || (log && value <= 0)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return log ? [0.1, 1] : [0, 1];
  if (low === high) return log ? [low / 2, high * 2] : [low - 0.5, high + 0.5];
  return log ? [low / 1.15, high * 1.15] : [low, high];
}

function pathOf({ x, y }: Curve, across: Axis, up: Axis, log: boolean, floor: number): string {
  let path = "";
  let pen = "M";
  for (let i = 0; i < y.length; i++) {
    const value = y[i]!;
    if (!Number.isFinite(value) || (log && value <= 0)) {
      pen = "M";
      continue;
    }
    const place = Math.min(floor, Math.max(TOP, up.place(value)));
    path += `${pen}${across.place(x[i]!).toFixed(1)} ${place.toFixed(1)}`;
    pen = "L";
  }
  return path;
}

function valueAt({ x, y }: Curve, at: number): number | undefined {
  let nearest: number | undefined;
  for (let i = 0; i < x.length; i++) {
    if (nearest === undefined || Math.abs(x[i]! - at) < Math.abs(x[nearest]! - at)) nearest = i;
  }
  return nearest === undefined ? undefined : y[nearest];
}

function readout(curves: readonly Curve[], at: number): string {
  const values = curves
    .filter(({ faint }) => !faint)
    .map((curve) => `${curve.name} ${Number(valueAt(curve, at)?.toPrecision(4))}`);
  return `${formatShort(at)}: ${values.join(" · ")}`;
}

function inWords({ name, y }: Curve): string {
  const finite = Array.from(y).filter(Number.isFinite);
  const [first, last] = [finite[0], finite.at(-1)];
  return first === undefined || last === undefined
    ? name
    : `${name} from ${formatShort(first)} to ${formatShort(last)}`;
}
