import { useEffect, useRef } from "preact/hooks";
import { drawPlane, type Plane, REACH } from "./draw-plane.ts";

/** Sharp on most screens without costing much. */
const SIDE = 900;

export interface PlaneCanvasProps extends Plane {
  readonly label: string;
  /** The pointer draws here, where drawing is on. */
  readonly onDraw?: (x: number, y: number) => void;
}

/** The plane with its points, arrows and paths. */
export function PlaneCanvas({ label, onDraw, ...plane }: PlaneCanvasProps) {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const canvas = ref.current!;
    const draw = (): void => drawPlane(canvas, plane);
    draw();
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", draw);
    return () => dark.removeEventListener("change", draw);
  });
  const pointed = (event: PointerEvent): void => {
    if (!onDraw || event.buttons === 0) return;
    const { left, top, width } = (event.currentTarget as Element).getBoundingClientRect();
    const place = (pixels: number): number => REACH * ((2 * pixels) / width - 1);
    onDraw(place(event.clientX - left), place(event.clientY - top));
  };
  return (
    <canvas
      class="plane"
      ref={ref}
      width={SIDE}
      height={SIDE}
      role="img"
      aria-label={label}
      style={{ cursor: onDraw ? "crosshair" : "default", touchAction: onDraw ? "none" : "auto" }}
      onPointerDown={pointed}
      onPointerMove={pointed}
    />
  );
}
