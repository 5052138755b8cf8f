import type { PointsView } from "../../engine/jobs/points/view-points.ts";

/** Half of the side of the square that is shown. */
export const REACH = 2.6;

export interface Plane {
  readonly points: Float32Array;
  readonly view: PointsView | undefined;
  readonly showData: boolean;
  readonly showField: boolean;
  readonly showPaths: boolean;
  /** Share of the sampling run that is shown, from noise (0) to data (1). */
  readonly progress: number;
}

/** Draws data, arrows and paths onto a square canvas, in the colours of the page. */
export function drawPlane(canvas: HTMLCanvasElement, plane: Plane): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  const style = getComputedStyle(canvas);
  const colour = (name: string): string => style.getPropertyValue(name);
  const side = canvas.width;
  const place = (value: number): number => ((value / REACH + 1) / 2) * side;
  const dot = side / 260;
  context.clearRect(0, 0, side, side);
  const { view } = plane;

  if (plane.showData) {
    context.fillStyle = colour("--soft");
    context.globalAlpha = view ? 0.3 : 0.8;
    for (let i = 0; i < plane.points.length; i += 2) {
      context.fillRect(place(plane.points[i]!) - dot / 2, place(plane.points[i + 1]!) - dot / 2, dot, dot);
    }
    context.globalAlpha = 1;
  }
  if (view && plane.showField) drawField(context, view, place, side, colour("--colour-1"));
  if (view && plane.showPaths) drawPaths(context, view, place, dot, plane.progress, colour("--colour-0"));
}

type Place = (value: number) => number;

function drawField(
  context: CanvasRenderingContext2D,
  { field, side }: PointsView,
  place: Place,
  size: number,
  colour: string,
): void {
  const longest = (0.8 * size) / side;
  context.strokeStyle = colour;
  context.lineWidth = size / 700;
  context.beginPath();
  for (let i = 0; i < field.length; i += 4) {
    const [x, y] = [place(field[i]!), place(field[i + 1]!)];
    const [dx, dy] = [(field[i + 2]! / REACH / 2) * size, (field[i + 3]! / REACH / 2) * size];
    const length = Math.hypot(dx, dy);
    const scale = Math.min(1, longest / length);
    const [ex, ey] = [x + dx * scale, y + dy * scale];
    context.moveTo(x, y);
    context.lineTo(ex, ey);
    const head = Math.min(longest / 3, (length * scale) / 2);
    const angle = Math.atan2(dy, dx);
    for (const turn of [-0.5, 0.5]) {
      context.moveTo(ex, ey);
      context.lineTo(ex - head * Math.cos(angle + turn), ey - head * Math.sin(angle + turn));
    }
  }
  context.stroke();
}

function drawPaths(
  context: CanvasRenderingContext2D,
  { paths }: PointsView,
  place: Place,
  dot: number,
  progress: number,
  colour: string,
): void {
  const steps = paths.length - 1;
  const at = progress * steps;
  const whole = Math.min(steps, Math.floor(at));
  const next = paths[Math.min(steps, whole + 1)]!;
  const now = paths[whole]!.map((value, i) => value + (at - whole) * (next[i]! - value));
  context.strokeStyle = colour;
  context.fillStyle = colour;
  context.globalAlpha = 0.22;
  context.lineWidth = dot / 2;
  context.beginPath();
  for (let i = 0; i < now.length; i += 2) {
    context.moveTo(place(paths[0]![i]!), place(paths[0]![i + 1]!));
    for (let step = 1; step <= whole; step++)
      context.lineTo(place(paths[step]![i]!), place(paths[step]![i + 1]!));
    context.lineTo(place(now[i]!), place(now[i + 1]!));
  }
  context.stroke();
  context.globalAlpha = 1;
  for (let i = 0; i < now.length; i += 2) {
    context.beginPath();
    context.arc(place(now[i]!), place(now[i + 1]!), 1.3 * dot, 0, 2 * Math.PI);
    context.fill();
  }
}
