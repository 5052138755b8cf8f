/**
 * The embedding table of document 001 and its relatives as published, [steps, width] row-major: sines and
 * cosines taken along the wrong axis. Row t (even) is sin(t f_j); odd rows are cosines of rows that were
 * sines already, in reversed order; f_j = 10000^(−2j / width) for j = 0 … width − 1. For odd `steps` the
 * reversed rows meet even ones, and odd rows keep the raw angle. Angles are rounded to float32, as there.
 *
 * Source: dataflowr/notebooks Module18/ddpm_micro_sol.ipynb, `sinusoidal_embedding`.
 */
export function rowSineTable(steps: number, width: number): Float32Array {
  const table = Float32Array.from({ length: steps * width }, (_, index) => {
    const t = Math.floor(index / width);
    const angle = Math.fround(t / 10000 ** ((2 * (index % width)) / width));
    return t % 2 === 0 ? Math.sin(angle) : angle;
  });
  const sines = table.slice();
  for (let even = 0; even < steps; even += 2) {
    const row = (((1 - even) % steps) + steps) % steps;
    for (let j = 0; j < width; j++) table[row * width + j] = Math.cos(sines[even * width + j]!);
  }
  return table;
}

/** The table that was meant: sin and cos in turn along each row. Source: Vaswani et al. 2017, section 3.5. */
export function columnSineTable(steps: number, width: number): Float32Array {
  return Float32Array.from({ length: steps * width }, (_, index) => {
    const column = index % width;
    const pair = column - (column % 2);
    const angle = Math.floor(index / width) * 10000 ** (-pair / width);
    return column % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
  });
}
