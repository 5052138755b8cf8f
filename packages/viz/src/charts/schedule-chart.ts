import { refuse } from "../refuse.ts";
import type { Axis, ChartOptions, Panel, Series } from "./panel/panel.ts";
import { panelChart } from "./panel-chart.ts";
import type { ScheduleCurves } from "./schedule-curves.ts";

const TIME: Axis = { name: "time t (0 clean, 1 noise)" };

/**
 * Noise schedules side by side, as SVG: β, ᾱ and log-SNR over time, each panel with the schedules that have it.
 *
 * β is drawn on a log axis where every β is above 0. Where log-SNR is infinite (no noise yet, or only noise: the end
 * of a zero-terminal schedule) its curve has no point.
 *
 * @throws if no schedule has anything to show, or a value is not finite (infinite log-SNR aside)
 */
export function scheduleChart(schedules: readonly ScheduleCurves[], options: ChartOptions = {}): string {
  const beta = curves(schedules, "beta");
  const abar = curves(schedules, "abar");
  const logSnr = curves(schedules, "logSnr").map(finite);
  const positive = beta.every(({ y }) => Array.from(y).every((value) => value > 0));
  const panels: Panel[] = [
    { title: "Noise per step", x: TIME, y: { name: "β", log: positive }, series: beta },
    { title: "Signal left", x: TIME, y: { name: "ᾱ" }, series: abar },
    { title: "Signal to noise", x: TIME, y: { name: "log-SNR = ln(ᾱ / (1 − ᾱ))" }, series: logSnr },
  ];
  const shown = panels.filter(({ series }) => series.length > 0);
  if (shown.length === 0)
    refuse(
      "viz/schedule-chart",
      `${schedules.length} schedules without curves`,
      "Give beta, abar or logSnr for at least one.",
    );
  return panelChart("viz/schedule-chart", shown, { title: "Noise schedules", ...options });
}

function curves(schedules: readonly ScheduleCurves[], which: "beta" | "abar" | "logSnr"): Series[] {
  return schedules.flatMap((schedule) => {
    const y = schedule[which];
    if (y === undefined) return [];
    const x = schedule.t ?? Float64Array.from({ length: y.length }, (_, i) => (i + 1) / y.length);
    return [{ name: schedule.name, x, y }];
  });
}

function finite({ name, x, y }: Series): Series {
  if (x.length !== y.length) return { name, x, y };
  const kept = Array.from(y, (_, i) => i).filter((i) => Math.abs(y[i]!) !== Number.POSITIVE_INFINITY);
  return { name, x: kept.map((i) => x[i]!), y: kept.map((i) => y[i]!) };
}
