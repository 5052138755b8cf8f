import type { Failure } from "./failure.ts";
import type { EventOf, FromWorker, InputOf, JobName, OutputOf, ToWorker } from "./protocol.ts";

/** A job that failed; `hint` says what to do, `lost` that the device failed. */
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

/** Events and cancellation of a call. */
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
 * Runs a job in the worker, which the first call starts.
 *
 * @throws CallFailed with the failure of the job
 */
export function call<Name extends JobName>(
  name: Name,
  input: InputOf<Name>,
  { onEvent = () => {}, signal }: CallOptions<EventOf<Name>> = {},
): Promise<OutputOf<Name>> {
  const id = ++last;
  const answer = new Promise<OutputOf<Name>>((resolve, reject) => {
    pending.set(id, {
      onEvent: (event) => onEvent(event as EventOf<Name>),
      resolve: (output) => resolve(output as OutputOf<Name>),
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
