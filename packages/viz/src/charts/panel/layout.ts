import type { ErrorPlace } from "@ddpm/core/authoring";
import type { LegendComponentOption, TitleComponentOption } from "echarts/components";
import { refuse } from "../../refuse.ts";
import { fitText } from "./fit-text.ts";
import { legendRows } from "./legend-rows.ts";
import type { ChartOptions, Panel } from "./panel.ts";

/** Where everything stands, in pixels. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  /** The plotting area of each panel. */
  readonly areas: readonly {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
  }[];
  readonly titles: readonly TitleComponentOption[];
  readonly legends: readonly LegendComponentOption[];
}

const INK = "#222222";
const GREY = "#595959";
const MARGIN = 16;
/** Margins of a plotting area: axis name and tick labels at the left, half a tick label at the right. */
const LEFT = 66;
const RIGHT = 22;
/** Below it: tick labels and axis name. */
const BOTTOM = 52;

/**
 * Title, note, legend rows and panels from top to bottom; each takes the height it needs, so nothing overlaps.
 *
 * @param where the function that was called, named in the error
 * @param names what the legend lists; a single name needs no legend
 * @throws if the picture is too small for what is in it
 */
export function chartLayout(
  where: ErrorPlace,
  panels: readonly Panel[],
  names: readonly string[],
  options: ChartOptions,
): Layout {
  const {
    title,
    note,
    width = panels.length > 1 ? 360 * panels.length : 720,
    height = panels.length > 1 ? 340 : 400,
  } = options;
  const titles: TitleComponentOption[] = [];
  const inside = width - 2 * MARGIN;
  let top = 12;
  if (title) {
    titles.push({ ...heading(title, 15, INK, inside), left: MARGIN, top });
    top += 23;
  }
  if (note) {
    titles.push({ ...heading(note, 12, GREY, inside), left: MARGIN, top });
    top += 20;
  }
  const rows = names.length > 1 ? legendRows(names, inside) : [];
  const legends = rows.map((data, row) => legendRow(data, row, top + 20 * row, inside));
  top += 20 * rows.length;
  const slot = width / panels.length;
  const titled = panels.some((panel) => panel.title);
  panels.forEach((panel, i) => {
    if (panel.title)
      titles.push({ ...heading(panel.title, 13, INK, slot - LEFT), left: i * slot + LEFT, top: top + 6 });
  });
  top += titled ? 30 : 12;

  const area = { top, width: slot - LEFT - RIGHT, height: height - top - BOTTOM };
  if (!Number.isInteger(width) || !Number.isInteger(height) || !(area.width >= 140 && area.height >= 90))
    refuse(
      where,
      `a picture of ${width} × ${height} pixels for ${panels.length} panel(s) and ${names.length} curve(s)`,
      `Give whole numbers from ${(140 + LEFT + RIGHT) * panels.length} × ${top + 90 + BOTTOM} up.`,
    );
  return {
    width,
    height,
    areas: panels.map((_, i) => ({ ...area, left: i * slot + LEFT })),
    titles,
    legends,
  };
}

/** A line of text, cut with "…" where it is wider than its place. */
function heading(text: string, fontSize: number, color: string, width: number): TitleComponentOption {
  const fontWeight = color === INK ? "bold" : "normal";
  return { text: fitText(text, fontSize, width), padding: 0, textStyle: { fontSize, color, fontWeight } };
}

function legendRow(data: readonly string[], row: number, top: number, width: number): LegendComponentOption {
  return {
    id: `row ${row}`,
    data: [...data],
    left: MARGIN,
    top,
    padding: 0,
    itemGap: 26,
    itemWidth: 22,
    itemHeight: 12,
    selectedMode: false,
    itemStyle: { opacity: 0 },
    formatter: (name) => fitText(name, 12, width - 48),
    textStyle: { fontSize: 12, color: INK },
  };
}
