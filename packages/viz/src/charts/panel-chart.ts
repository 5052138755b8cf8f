import type { ErrorPlace } from "@ddpm/core/authoring";
import { LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, TitleComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { checkText } from "../files/escape-xml.ts";
import { refuse } from "../refuse.ts";
import { chartLayout } from "./panel/layout.ts";
import { looks } from "./panel/palette.ts";
import { type ChartOptions, checkPanel, type Panel } from "./panel/panel.ts";
import { panelOption } from "./panel/panel-option.ts";
import { tidySvg } from "./panel/tidy-svg.ts";

/**
 * Panels side by side as one SVG document on white. The same input gives the same text.
 *
 * Curves with more points than can be seen are thinned to the lowest and highest of each run of points.
 *
 * @param where the function that was called, named in the error
 * @throws if a panel is empty, holds a value that is not finite, or a text that XML cannot hold
 */
export function panelChart(where: ErrorPlace, panels: readonly Panel[], options: ChartOptions = {}): string {
  if (panels.length === 0) refuse(where, "no panels", "Give at least one.");
  for (const panel of panels) checkPanel(where, panel);
  for (const text of [options.title ?? "", options.note ?? ""]) checkText(where, text);

  const names = [...new Set(panels.flatMap(({ series }) => series.map(({ name }) => name)))];
  const layout = chartLayout(where, panels, names, options);
  const look = looks(names);
  const parts = panels.map((panel, i) => panelOption(panel, i, layout, look));

  use([LineChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);
  const chart = init(null, null, { renderer: "svg", ssr: true, width: layout.width, height: layout.height });
  try {
    chart.setOption({
      animation: false,
      backgroundColor: "#ffffff",
      textStyle: { fontFamily: "sans-serif" },
      title: [...layout.titles],
      legend: [...layout.legends],
      grid: parts.map(({ grid }) => grid),
      xAxis: parts.map(({ xAxis }) => xAxis),
      yAxis: parts.map(({ yAxis }) => yAxis),
      series: parts.flatMap(({ series }) => series),
    });
    const about = options.title ?? panels.map(({ y, x }) => `${y.name} by ${x.name}`).join(", ");
    return tidySvg(chart.renderToSVGString(), about);
  } finally {
    chart.dispose();
  }
}
