import { isMainThread } from "node:worker_threads";

/** The variable that ONNX Runtime reads when it starts; anything but 0 and false turns its telemetry off. */
const VARIABLE = "ORT_DISABLE_TELEMETRY";

/**
 * Turns off the telemetry of onnxruntime-node, which since 1.30 writes a device id and events into the user's cache folder and
 * sends them to its publisher. A value that the user has set stays. Call it before onnxruntime-node is loaded.
 *
 * A worker thread has a copy of the environment, which native code does not see; there the returned promise is fulfilled
 * once the main thread has set the variable. In the main thread it is set at once.
 *
 * @throws Error in a worker thread of a Node without inspector
 */
export function disableOnnxRuntimeTelemetry(): Promise<void> | undefined {
  if (!isMainThread) return inMainThread(`process.env.${VARIABLE} ??= "1"`);
  process.env[VARIABLE] ??= "1";
  return undefined;
}

/** Evaluates an expression in the main thread: the inspector is the only way there that needs nothing of the program. */
async function inMainThread(expression: string): Promise<void> {
  const { Session } = await import("node:inspector");
  const session = new Session();
  session.connectToMainThread();
  // The answer alone does not keep a thread alive.
  const alive = setInterval(() => {}, 1000);
  try {
    await new Promise<void>((resolve, reject) => {
      session.post("Runtime.evaluate", { expression }, (error) => (error ? reject(error) : resolve()));
    });
  } finally {
    clearInterval(alive);
    session.disconnect();
  }
}
