/** Element types of recorded values. Complex numbers and strings never enter a graph: they stay on the host. */
export type DType = "float32" | "int32" | "bool";

/** Lengths of a tensor's axes. */
export type Shape = readonly number[];

export { sizeOf } from "@ddpm/core/authoring";

/** Whether two shapes are equal. */
export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
