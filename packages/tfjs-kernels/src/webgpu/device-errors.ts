import { backend as currentBackend } from "@tensorflow/tfjs-core";
import { refuse } from "./refuse.ts";

/** `GPUDevice`, as far as errors go. */
interface WatchedDevice {
  readonly lost: Promise<{ readonly message: string; readonly reason: string }>;
  addEventListener(
    type: "uncapturederror",
    listener: (event: { readonly error: { readonly message: string }; preventDefault?(): void }) => void,
  ): void;
}

interface WatchedBackend {
  readonly device: WatchedDevice;
  read(dataId: object): Promise<unknown>;
}

/** What has gone wrong on a device, in a sentence; nothing so far where undefined. */
export type DeviceTrouble = () => string | undefined;

const watched = new WeakMap<object, DeviceTrouble>();

const ADVICE = "Resume from the last checkpoint, with smaller batches or images, or on another backend.";

/**
 * Makes errors of the graphics device errors of the program. By itself WebGPU never throws: after a program or a buffer
 * that the device refuses, and after the device is lost, tensors read as zeros. From this call on every `data()` on this
 * backend throws instead, so that no result computed since leaves the device; one that is under way when the device is
 * lost throws at once, since a device may never answer it.
 *
 * @param advice what to do about it, one sentence
 * @param backend a started backend of tfjs-backend-webgpu; the current one when left out
 */
export function watchWebgpuDevice(
  advice: string = ADVICE,
  backend: object = currentBackend(),
): DeviceTrouble {
  const before = watched.get(backend);
  if (before) return before;
  const { device, read } = backend as WatchedBackend;
  let trouble: string | undefined;
  const underWay = new Set<() => void>();
  device.addEventListener("uncapturederror", (event) => {
    // Each error brings others, and the device would print them all.
    event.preventDefault?.();
    trouble ??= `the graphics device refused work, perhaps since a tensor is too large for it: ${firstLine(event.error.message)}.`;
  });
  void device.lost.then(({ message, reason }) => {
    trouble ??= `the graphics device was lost (its driver was reset, or its memory used up): ${firstLine(message) || reason || "no reason given"}.`;
    for (const end of underWay) end();
  });
  const check = (): void => {
    if (trouble) refuse("device", trouble, advice);
  };
  Object.assign(backend, {
    async read(dataId: object) {
      check();
      const values = read.call(backend, dataId).catch(async (error: unknown) => {
        await reported();
        check();
        throw error;
      });
      let end = (): void => {};
      const lost = new Promise<void>((resolve) => {
        end = resolve;
      });
      underWay.add(end);
      try {
        await Promise.race([values, lost]);
        check();
        return await values;
      } finally {
        underWay.delete(end);
      }
    },
  });
  const report: DeviceTrouble = () => trouble;
  watched.set(backend, report);
  return report;
}

const firstLine = (text: string): string => (text.split("\n")[0] ?? "").trim().replace(/\.$/, "");

/** Waits for the report of a loss that a failed read is the first sign of. */
const reported = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
