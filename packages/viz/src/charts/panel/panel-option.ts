import type {
  GridComponentOption,
  LineSeriesOption,
  XAXisComponentOption,
  YAXisComponentOption,
} from "echarts";
import { thin } from "../thin.ts";
import { fitText, textWidth } from "./fit-text.ts";
import type { Layout } from "./layout.ts";
import type { Look } from "./palette.ts";
import type { Axis, Panel, Series } from "./panel.ts";
import { type Scale, scaleFor } from "./scale.ts";

/** One panel in the words of ECharts. */
export interface PanelOption {
  readonly grid: GridComponentOption;
  readonly xAxis: XAXisComponentOption;
  readonly yAxis: YAXisComponentOption;
  readonly series: readonly LineSeriesOption[];
}

const INK = "#333333";
const FRAME = "#8c8c8c";
const LINES = "#e4e4e4";

/** Pixels the layout leaves for tick labels at the left; longer ones push their panel to the right. */
const ROOM = 36;

/** Curves of so few points show where they are. */
const FEW = 24;

/**
 * Axes and curves of one panel. Scales and ticks are computed here, and places passed as shares of each
 * axis: ECharts' own log ticks are whole powers of ten, too few for a loss that spans less than a decade.
 *
 * @param index place of the panel in the picture
 * @param look  by name of curve
 */
export function panelOption(
  panel: Panel,
  index: number,
  layout: Layout,
  look: ReadonlyMap<string, Look>,
): PanelOption {
  const given = layout.areas[index]!;
  const y = scaleFor(all(panel.series, "y"), panel.y.log ?? false, false, atLeast2(given.height / 36));
  const longer = Math.max(0, widest(y) - ROOM);
  const area = { ...given, left: given.left + longer, width: given.width - longer };
  const draft = scaleFor(all(panel.series, "x"), panel.x.log ?? false, true, atLeast2(area.width / 52));
  const most = atLeast2(Math.min(area.width / 52, area.width / (widest(draft) + 16)));
  const x = scaleFor(all(panel.series, "x"), panel.x.log ?? false, true, most);
  const place = { gridIndex: index, nameLocation: "middle" as const };
  return {
    grid: { ...area, show: false, outerBoundsMode: "none" },
    xAxis: { ...axis(panel.x, x, area.width), ...place, nameGap: 32 },
    yAxis: { ...axis(panel.y, y, area.height), ...place, nameGap: 48 + longer, nameRotate: 90 },
    series: panel.series.map((series) => curve(series, index, x, y, look.get(series.name)!, 2 * area.width)),
  };
}

function atLeast2(intervals: number): number {
  return Math.max(2, Math.floor(intervals));
}

function widest({ ticks }: Scale): number {
  return Math.max(...ticks.map(({ label }) => textWidth(label, 11)));
}

function* all(series: readonly Series[], which: "x" | "y"): Generator<number> {
  for (const one of series) for (let i = 0; i < one[which].length; i++) yield one[which][i]!;
}

function axis({ name }: Axis, { ticks }: Scale, length: number) {
  const customValues = ticks.map(({ at }) => at);
  const labels = new Map(ticks.map(({ at, label }) => [at, label]));
  return {
    type: "value" as const,
    name: fitText(name, 12, length),
    nameTextStyle: { color: INK, fontSize: 12 },
    min: 0,
    max: 1,
    axisLine: { show: true, onZero: false, lineStyle: { color: FRAME } },
    axisTick: { show: true, length: 4, lineStyle: { color: FRAME }, customValues },
    axisLabel: {
      color: INK,
      fontSize: 11,
      customValues,
      formatter: (value: number) => labels.get(value) ?? "",
    },
    splitLine: { show: true, lineStyle: { color: LINES } },
  };
}

function curve(
  series: Series,
  index: number,
  x: Scale,
  y: Scale,
  look: Look,
  most: number,
): LineSeriesOption {
  const { name, faint = false } = series;
  return {
    type: "line",
    name,
    xAxisIndex: index,
    yAxisIndex: index,
    silent: true,
    data: thin(series.y, most).map((i) => [x.at(series.x[i]!), y.at(series.y[i]!)]),
    symbol: series.y.length <= FEW && !faint ? "circle" : "none",
    symbolSize: 5,
    z: faint ? 2 : 3,
    color: look.color,
    lineStyle: {
      color: look.color,
      type: look.type,
      width: faint ? 1 : 1.8,
      opacity: faint ? 0.3 : 1,
      cap: "round",
      join: "round",
    },
  };
}
