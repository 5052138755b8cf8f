/** A part of a product that one workgroup makes, and how much of the sum it holds at a time. */
export interface Tile {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
}

/** WGSL of a tiled product: an invocation has four rows and four columns, in s0 to s3. */
export interface Code {
  readonly tables: string;
  /** What is computed of rows before the sum begins. */
  readonly rows: string;
  readonly fill: string;
  readonly step: string;
  /** The i-th row and the j-th column of an invocation. */
  row(i: number): string;
  column(j: number): string;
}

const tablesOf = ({ rows, columns, depth }: Tile): string => `
  var<workgroup> tileA: array<vec4<f32>, ${(depth * rows) / 4}>;
  var<workgroup> tileB: array<vec4<f32>, ${(depth * columns) / 4}>;`;

const times = (count: number, line: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => line(n)).join("\n      ");

/** Operands whose four numbers are along rows and columns: an outer product of two vec4 per step. */
export function outerCode(tile: Tile): Code {
  const { rows, columns, depth } = tile;
  const threads = (rows * columns) / 16;
  const [wideA, wideB] = [rows / 4, columns / 4];
  // An invocation always fills the same rows and the same columns, at these strides.
  const [strideA, strideB] = [threads / wideA, threads / wideB];
  return {
    tables: tablesOf(tile),
    rows: `let rowA = rowOf(row + index % ${wideA} * 4);
    let columnB = column + index % ${wideB} * 4;`,
    fill: `${times(Math.ceil(depth / strideA), (n) => {
      const at = `index / ${wideA} + ${n * strideA}`;
      return `{ let k_ = k + ${at};
        var found = vec4<f32>();
        if (k_ < range.y) { found = a(rowA, innerAt(k_)); }
        ${guard(at, depth, strideA, n)}{ tileA[index + ${n * threads}] = found; } }`;
    })}
      ${times(Math.ceil(depth / strideB), (n) => {
        const at = `index / ${wideB} + ${n * strideB}`;
        return `{ let k_ = k + ${at};
        var found = vec4<f32>();
        if (k_ < range.y) { found = b(k_, columnB); }
        ${guard(at, depth, strideB, n)}{ tileB[index + ${n * threads}] = found; } }`;
      })}`,
    step: `for (var at = 0; at < ${depth}; at++) {
        let left = tileA[at * ${wideA} + y];
        let right = tileB[at * ${wideB} + x];
        s0 += left.x * right;
        s1 += left.y * right;
        s2 += left.z * right;
        s3 += left.w * right;
      }`,
    row: (i) => `row + y * 4 + ${i}`,
    column: (j) => `column + x * 4 + ${j}`,
  };
}

/** Narrow tiles have invocations to spare in the last round of filling. */
const guard = (at: string, depth: number, stride: number, n: number): string =>
  (n + 1) * stride > depth ? `if (${at} < ${depth}) ` : "";

/** Operands whose four numbers are along the sum: scalar products of vec4. */
export function innerCode(tile: Tile): Code {
  const { rows, columns, depth } = tile;
  const threads = (rows * columns) / 16;
  const steps = depth / 4;
  // An invocation always fills the same steps of the sum, of rows and columns at this stride.
  const stride = threads / steps;
  const [across, down] = [columns / 4, rows / 4];
  return {
    tables: tablesOf(tile),
    rows: times(
      Math.ceil(rows / stride),
      (n) => `let rowA${n} = rowOf(row + index / ${steps} + ${n * stride});`,
    ),
    fill: `let k_ = k + index % ${steps} * 4;
      let inner = innerAt(k_);
      let inside = k_ < range.y;
      let place = index % ${steps};
      ${times(
        Math.ceil(rows / stride),
        (n) => `{ var found = vec4<f32>();
        if (inside) { found = a(rowA${n}, inner); }
        ${guard(`index / ${steps} + ${n * stride}`, rows, stride, n)}{ tileA[place * ${rows} + index / ${steps} + ${n * stride}] = found; } }`,
      )}
      ${times(
        Math.ceil(columns / stride),
        (n) => `{ var found = vec4<f32>();
        if (inside) { found = b(inner, column + index / ${steps} + ${n * stride}); }
        ${guard(`index / ${steps} + ${n * stride}`, columns, stride, n)}{ tileB[place * ${columns} + index / ${steps} + ${n * stride}] = found; } }`,
      )}`,
    // Rows and columns of an invocation are interleaved with others, so that neighbours read neighbours.
    step: `for (var at = 0; at < ${steps}; at++) {
        ${times(4, (j) => `let c${j} = tileB[at * ${columns} + x + ${j * across}];`)}
        ${times(
          4,
          (i) => `let r${i} = tileA[at * ${rows} + y + ${i * down}];
        s${i} += vec4<f32>(dot(r${i}, c0), dot(r${i}, c1), dot(r${i}, c2), dot(r${i}, c3));`,
        )}
      }`,
    row: (i) => `row + y + ${i * down}`,
    column: (j) => `column + x + ${j * across}`,
  };
}
