import { halfLogSnr, schedules } from "@ddpm/schedules";
import { choice, controls, switches } from "./controls.ts";

const NAMES = ["linear", "cosine", "sigmoid", "scaled-linear", "edm", "rectified"];
const QUANTITIES: Readonly<Record<string, (level: { alpha: number; sigma: number }) => number>> = {
  "ᾱ = α²": ({ alpha }) => alpha ** 2,
  α: ({ alpha }) => alpha,
  "σ, at most 2": ({ sigma }) => Math.min(2, sigma),
  "λ = ln(α / σ)": (level) => halfLogSnr(level),
};
const [WIDTH, HEIGHT, LEFT, BOTTOM] = [640, 320, 44, 28];
const POINTS = 200;

/** Curves of schedules over time. */
export function mount(parent: HTMLElement): void {
  const row = controls(parent);
  const redraw = (): void => draw(svg, on(), quantity());
  const quantity = choice(row, "show", Object.keys(QUANTITIES), () => redraw());
  const on = switches(row, NAMES, ["linear", "cosine", "sigmoid"], () => redraw());
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", "curves of noise schedules over time");
  parent.append(svg);
  redraw();
}

function draw(svg: SVGSVGElement, names: readonly string[], quantity: string): void {
  const of = QUANTITIES[quantity]!;
  const curves = names.map((name) => {
    const schedule = schedules.create(name);
    const values = Array.from({ length: POINTS - 1 }, (_, k) => of(schedule.at((k + 1) / POINTS)));
    return { name, values };
  });
  const finite = curves.flatMap(({ values }) => values).filter(Number.isFinite);
  const [low, high] = quantity.startsWith("λ") ? [-6, 6] : [0, Math.max(1, ...finite)];
  const x = (t: number): number => LEFT + t * (WIDTH - LEFT - 10);
  const y = (value: number): number =>
    10 + ((high - Math.min(high, Math.max(low, value))) / (high - low)) * (HEIGHT - BOTTOM - 10);
  const lines = curves.map(({ name, values }) => {
    const points = values
      .map((value, k) => `${x((k + 1) / POINTS).toFixed(1)},${y(value).toFixed(1)}`)
      .join(" ");
    return `<polyline points="${points}" style="stroke: var(--series-${NAMES.indexOf(name)})" />`;
  });
  const keys = curves.map(
    ({ name }, k) =>
      `<text x="${LEFT + 14}" y="${HEIGHT - BOTTOM - 10 - 18 * (curves.length - 1 - k)}" style="fill: var(--series-${NAMES.indexOf(name)})">${name}</text>`,
  );
  const axes = [
    `<path d="M${LEFT} 10V${HEIGHT - BOTTOM}H${WIDTH - 10}" class="axis" />`,
    ...[low, (low + high) / 2, high].map(
      (value) => `<text x="${LEFT - 6}" y="${y(value) + 4}" text-anchor="end">${value}</text>`,
    ),
    ...[0, 0.5, 1].map(
      (t) => `<text x="${x(t)}" y="${HEIGHT - 8}" text-anchor="middle">${t === 0.5 ? "t = 0.5" : t}</text>`,
    ),
  ];
  svg.innerHTML = [...axes, ...lines, ...keys].join("");
}
