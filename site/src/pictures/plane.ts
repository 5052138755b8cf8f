/** A square canvas on which the plane from −extent to extent is drawn, sharp on any screen, in the colours of the page. */
export interface Plane {
  /** Clears it and draws. */
  draw(paint: (pen: Pen) => void): void;
}

/** What can be drawn: coordinates are those of the plane. */
export interface Pen {
  dot(x: number, y: number, colour: number): void;
  path(points: readonly (readonly [x: number, y: number])[], colour: number): void;
}

/** Makes a plane as wide as its parent, at most 480 pixels. */
export function plane(parent: HTMLElement, extent: number, about: string): Plane {
  const canvas = document.createElement("canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", about);
  parent.append(canvas);
  let last: (pen: Pen) => void = () => {};
  const draw = (paint: (pen: Pen) => void): void => {
    last = paint;
    const side = Math.min(parent.clientWidth, 480);
    const scale = devicePixelRatio;
    Object.assign(canvas, { width: side * scale, height: side * scale });
    Object.assign(canvas.style, { width: `${side}px`, height: `${side}px` });
    const context = canvas.getContext("2d")!;
    context.scale(scale, scale);
    paint(penOf(context, side, extent, colours(canvas)));
  };
  new ResizeObserver(() => draw(last)).observe(parent);
  new MutationObserver(() => draw(last)).observe(document.documentElement, { attributeFilter: ["class"] });
  return { draw };
}

function penOf(
  context: CanvasRenderingContext2D,
  side: number,
  extent: number,
  palette: readonly string[],
): Pen {
  const at = (value: number): number => ((value / extent + 1) / 2) * side;
  return {
    dot(x, y, colour) {
      context.fillStyle = palette[colour]!;
      context.beginPath();
      context.arc(at(x), at(-y), 2, 0, 2 * Math.PI);
      context.fill();
    },
    path(points, colour) {
      context.strokeStyle = palette[colour]!;
      context.globalAlpha = 0.45;
      context.beginPath();
      for (const [x, y] of points) context.lineTo(at(x), at(-y));
      context.stroke();
      context.globalAlpha = 1;
    },
  };
}

/** The series' colours of the style sheet, as they are now. */
function colours(element: Element): string[] {
  const style = getComputedStyle(element);
  return Array.from({ length: 6 }, (_, k) => style.getPropertyValue(`--series-${k}`).trim());
}
