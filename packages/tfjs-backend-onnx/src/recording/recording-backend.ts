import {
  findBackend,
  getBackend,
  getKernel,
  type NamedTensorInfoMap,
  registerBackend,
  registerKernel,
  setBackend,
} from "@tensorflow/tfjs-core";
import { OnnxBackend } from "../backend.ts";
import { fail } from "../errors.ts";
import { loweredKernels } from "../kernels/index.ts";
import { recordingConfig } from "../recording-kernel.ts";

/** A backend that records and never runs: it needs no ONNX Runtime. */
const NAME = "onnx-recording";

/** Below every backend that computes. */
const PRIORITY = -1;

/** The function that errors name. */
export const WHERE = "tfjs-backend-onnx/recording-backend";

/** Makes the recording backend current while `body` runs; the caller's is back afterwards. */
export function onRecordingBackend<T>(body: (backend: OnnxBackend) => T): T {
  const before = getBackend();
  const backend = recordingBackend();
  try {
    void setBackend(NAME);
    return body(backend);
  } catch (cause) {
    const missing = /[Kk]ernel '(\w+)'/.exec((cause as Error).message)?.[1];
    if (missing && !getKernel(missing, NAME)) return refuse(missing);
    throw cause;
  } finally {
    if (before) void setBackend(before);
  }
}

function recordingBackend(): OnnxBackend {
  const known = findBackend(NAME);
  if (known) return known as OnnxBackend;
  registerBackend(NAME, make, PRIORITY);
  for (const kernel of loweredKernels) registerKernel(recordingConfig(kernel, NAME, refuse));
  return findBackend(NAME) as OnnxBackend;
}

function make(): OnnxBackend {
  const never = (): never =>
    fail(WHERE, "the function reads a number while it runs", "Keep data() and dataSync() out of it.");
  return new OnnxBackend({
    runtime: { name: NAME, providers: [], tensor: never, compile: never },
    session: { threads: 1, providers: [], profile: "" },
    blocked: null,
    maxSessions: 1,
    maxIdleBytes: 0,
    minRecorded: Number.POSITIVE_INFINITY,
    maxRecorded: Number.POSITIVE_INFINITY,
  });
}

function refuse(kernel: string, tensors: NamedTensorInfoMap = {}): never {
  const given = Object.values(tensors).flatMap((info) => (info ? [`${info.dtype} [${info.shape}]`] : []));
  const on = given.length > 0 ? ` on ${given.join(", ")}` : "";
  return fail(WHERE, `kernel ${kernel}${on} has no form in ONNX here`, "Compose it from other operations.");
}
