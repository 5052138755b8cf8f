/** Package and file or plugin, e.g. `schedules/cosine`. */
export type ErrorPlace = `${string}/${string}`;

/** Every error these packages raise on purpose; anything else is a defect. */
export class DdpmError extends Error {
  override readonly name = "DdpmError";
  /** Where it was noticed. */
  readonly where: ErrorPlace;
  /** What was given and what was expected, one sentence. */
  readonly what: string;
  /** What to do about it, one sentence. */
  readonly hint: string | undefined;

  constructor(where: ErrorPlace, what: string, hint?: string, options?: ErrorOptions) {
    super(`[${where}] ${what}${hint ? ` ${hint}` : ""}`, options);
    this.where = where;
    this.what = what;
    this.hint = hint;
  }
}

/**
 * Throws a {@link DdpmError}.
 *
 * @param what  what was given and what was expected, one sentence
 * @param hint  what to do, one sentence
 * @throws DdpmError always
 */
export function fail(where: ErrorPlace, what: string, hint?: string, options?: ErrorOptions): never {
  throw new DdpmError(where, what, hint, options);
}

/**
 * Recognises a {@link DdpmError} by its shape, so that two copies of this package agree.
 */
export function isDdpmError(error: unknown): error is DdpmError {
  return error instanceof Error && error.name === "DdpmError" && "where" in error;
}

/**
 * Checks a shape at a seam; `-1` stands for any size.
 *
 * @throws DdpmError when rank or a size differs
 */
export function expectShape(
  where: ErrorPlace,
  what: string,
  shape: readonly number[],
  expected: readonly number[],
): void {
  const fits =
    shape.length === expected.length && expected.every((size, axis) => size === -1 || size === shape[axis]);
  if (fits) return;
  const wanted = expected.map((size) => (size === -1 ? "any" : size)).join(", ");
  fail(where, `${what} has shape [${shape.join(", ")}], expected [${wanted}].`);
}
