/** Every error of this backend: where it happened, what was given, what to do about it. */
export class OnnxBackendError extends Error {
  override readonly name = "OnnxBackendError";
}

/**
 * Throws an {@link OnnxBackendError}.
 *
 * @param where The kernel or function that refuses, with shapes and dtypes where there are any.
 * @param what What was given and what was expected.
 * @param hint What to do.
 */
export function fail(where: string, what: string, hint: string): never {
  throw new OnnxBackendError(`[tfjs-backend-onnx] ${where}: ${what}. ${hint}`);
}
