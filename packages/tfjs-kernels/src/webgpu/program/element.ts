/** WGSL type of an element: a number, or four channels at once. */
export type Element = "f32" | "vec4<f32>";

/** The widest element that divides a count of numbers. */
export const elementOf = (channels: number): Element => (channels % 4 === 0 ? "vec4<f32>" : "f32");

/** Numbers in an element. */
export const widthOf = (element: Element): number => (element === "f32" ? 1 : 4);

/** WGSL: `sigmoid(z)`, whose exponential never overflows: WGSL may take it that there is no infinity. */
export const sigmoid = (element: string): string =>
  `fn sigmoid(z: ${element}) -> ${element} { return 1.0 / (1.0 + exp(min(-z, ${element}(80.0)))); }`;

/** WGSL: `total(v)`, the sum of an element's numbers. */
export const total = (element: Element): string =>
  `fn total(v: ${element}) -> f32 { return ${element === "f32" ? "v" : "(v.x + v.y) + (v.z + v.w)"}; }`;
