import type { CallName, Calls, Failure, FromWorker, ToWorker } from "./protocol.ts";

/** An answer that the worker could not give; `hint` says what to do, `lost` that its device failed. */
export class CallFailed extends Error {
  override readonly name = "CallFailed";
  readonly hint: string | undefined;
  readonly lost: boolean;

  constructor({ message, hint, lost = false }: Failure) {
    super(message);
    this.hint = hint;
    this.lost = lost;
  }
}

/** How a call is followed. */
export interface CallOptions<Event> {
  onEvent?(event: Event): void;
  readonly signal?: AbortSignal;
}

interface Pending {
  onEvent(event: unknown): void;
  resolve(output: unknown): void;
  reject(error: Error): void;
}

const pending = new Map<number, Pending>();
let worker: Worker | undefined;
let ended = (): void => {};
let last = 0;

/**
 * Asks the worker, which is started by the first call.
 *
 * @throws CallFailed with the worker's words
 */
export function call<Name extends CallName>(
  name: Name,
  input: Calls[Name]["input"],
  { onEvent = () => {}, signal }: CallOptions<Calls[Name]["event"]> = {},
): Promise<Calls[Name]["output"]> {
  const id = ++last;
  const answer = new Promise<Calls[Name]["output"]>((resolve, reject) => {
    pending.set(id, {
      onEvent: (event) => onEvent(event as Calls[Name]["event"]),
      resolve: (output) => resolve(output as Calls[Name]["output"]),
      reject,
    });
  });
  send({ type: "call", id, name, input });
  signal?.addEventListener("abort", () => send({ type: "abort", id }));
  return answer;
}

function send(message: ToWorker): void {
  worker ??= started();
  worker.postMessage(message);
}

function started(): Worker {
  const made = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "engine" });
  made.onmessage = ({ data }: MessageEvent<FromWorker>) => receive(data);
  made.onerror = ({ message }) => {
    stop({
      message: `The computing worker stopped: ${message || "it did not load"}.`,
      hint: "Reload the page; training resumes from its last checkpoint.",
    });
  };
  return made;
}

/** Ends the worker and all that it does; the next call starts another. */
export function restart(): void {
  stop({ message: "Stopped, because another backend was chosen." });
}

/** Tells when the worker has ended, and what it computed with. */
export function whenEnded(listener: () => void): void {
  ended = listener;
}

function stop(failure: Failure): void {
  worker?.terminate();
  worker = undefined;
  ended();
  const waiting = [...pending.values()];
  pending.clear();
  for (const { reject } of waiting) reject(new CallFailed(failure));
}

function receive(message: FromWorker): void {
  const waiting = pending.get(message.id);
  if (!waiting) return;
  if (message.type === "event") {
    waiting.onEvent(message.event);
    return;
  }
  // A worker has one device for life.
  if (message.type === "failed" && message.failure.lost) {
    stop(message.failure);
    return;
  }
  pending.delete(message.id);
  if (message.type === "done") waiting.resolve(message.output);
  else waiting.reject(new CallFailed(message.failure));
}
