/** What a formula may call, with the number of its arguments. */
export const functions: Readonly<
  Record<string, { readonly takes: number; apply(...given: number[]): number }>
> = {
  sin: { takes: 1, apply: Math.sin },
  cos: { takes: 1, apply: Math.cos },
  tan: { takes: 1, apply: Math.tan },
  atan: { takes: 1, apply: Math.atan },
  exp: { takes: 1, apply: Math.exp },
  log: { takes: 1, apply: Math.log },
  sqrt: { takes: 1, apply: Math.sqrt },
  abs: { takes: 1, apply: Math.abs },
  tanh: { takes: 1, apply: Math.tanh },
  sigmoid: { takes: 1, apply: (x) => 1 / (1 + Math.exp(-x)) },
  min: { takes: 2, apply: Math.min },
  max: { takes: 2, apply: Math.max },
};

export const constants: Readonly<Record<string, number>> = { pi: Math.PI, π: Math.PI, e: Math.E };
