/** Every error of this backend: where it happened, what was given, what to do about it. */
export class OnnxBackendError extends Error {
  override readonly name = "OnnxBackendError";
  /** What to do, one sentence; also the end of the message. */
  readonly hint: string | undefined;

  constructor(message: string, options?: ErrorOptions & { readonly hint?: string }) {
    super(message, options);
    this.hint = options?.hint;
  }
}

/**
 * Throws an {@link OnnxBackendError}.
 *
 * @param where `tfjs-backend-onnx/<file>`, the file that refuses.
 * @param what What was given and what was expected.
 * @param hint What to do.
 */
export function fail(where: string, what: string, hint: string): never {
  throw new OnnxBackendError(`[${where}] ${what}. ${hint}`, { hint });
}

/** How ONNX Runtime says which node failed; nodes are called after kernels, with a number for uniqueness. */
const NODE = [
  /Name:'([^']*?) #\d+'/,
  /^Node \((.*?) #\d+\) Op/,
  /In Node, \("([^"]*?) #\d+"/,
  / in node \((.*?) #\d+\)/,
];

/** What it says around the reason. */
const AROUND = [
  /^Non-zero status code returned while running \w+ node\. Name:'[^']*' Status Message: /,
  /^Node \(.*? #\d+\) Op \(\w+\) /,
  /^This is an invalid model\. In Node, \("[^"]*", .*? , Error /,
  / in node \(.*? #\d+\)/,
  /\[ShapeInferenceError\] /,
  /\/\S+\.(?:cc|h):\d+ .* was false\. /,
];

/** Kernels to name where ONNX Runtime does not say which one failed. */
const NAMED = 4;

/** The reason in a message of ONNX Runtime, in one line. */
export function reasonOf(cause: Error): string {
  const reason = AROUND.reduce((text, pattern) => text.replace(pattern, ""), cause.message);
  return reason
    .trim()
    .replace(/\s*\n\s*/g, "; ")
    .replace(/\.$/, "");
}

/**
 * Turns a failure of ONNX Runtime into an {@link OnnxBackendError} that names the TensorFlow.js kernel with shapes and
 * dtypes; other errors of this backend stay what they are.
 *
 * @param labels what the nodes of the graph are called
 */
export function explain(cause: unknown, labels: readonly string[] = []): unknown {
  if (!(cause instanceof Error) || cause instanceof OnnxBackendError) return cause;
  const node = NODE.map((pattern) => pattern.exec(cause.message)?.[1]).find(Boolean);
  const kernels = [...new Set(labels.map((label) => label.replace(/ #\d+$/, "")))];
  const some = `${kernels.slice(0, NAMED).join("; ")}${kernels.length > NAMED ? `; and ${kernels.length - NAMED} more` : ""}`;
  const where = node
    ? `kernel ${node}`
    : kernels.length > 0
      ? `one of the kernels ${some}`
      : "a recorded graph";
  return new OnnxBackendError(
    `[tfjs-backend-onnx] ${where}: ONNX Runtime refuses it: ${reasonOf(cause)}. Nothing that was recorded with it was computed.`,
    { cause },
  );
}

/** A failure while the kernel called `label` was turned into ONNX: a defect of the kernel. */
export function notLowered(cause: unknown, label: string): unknown {
  if (!(cause instanceof Error) || cause instanceof OnnxBackendError) return cause;
  return new OnnxBackendError(
    `[tfjs-backend-onnx] kernel ${label}: it has no form in ONNX: ${cause.message}. Nothing that was recorded with it was computed.`,
    { cause },
  );
}
