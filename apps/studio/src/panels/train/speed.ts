import type { RunConfig } from "@ddpm/runs";
import { signal } from "@preact/signals";
import type { BackendName } from "../../engine/backends/names.ts";
import { call } from "../../engine/client.ts";
import type { SpeedInput } from "../../engine/jobs/network/measure-speed.ts";
import { backendReport, startBackend } from "../../state/backend.ts";

/** What was last measured on a backend, by a trial or a training. */
export interface Speed {
  /** What decides the time of an image: network, side, images in an update. */
  readonly network: string;
  readonly imagesPerSecond: number;
  /** Products of one image through that network, times images a second. */
  readonly multiplyAddsPerSecond: number;
  /** Seconds before the first update is over. */
  readonly first: number;
  readonly backend: BackendName;
}

const KEY = "studio.speed";

/** Products a second while training where nothing was measured yet: ONNX Runtime on one thread of a small machine. */
const GUESS = 2e9;
/** Seconds that an update takes besides, however small the network. */
const UPDATE = 0.02;

/** The last measurement; kept between visits. */
export const speed = signal<Speed | undefined>(remembered());

/** A trial that runs, to be stopped. */
export const trial = signal<AbortController | undefined>(undefined);

/** How long a training will take, and how that is known. */
export interface TimeGuess {
  readonly seconds: number;
  readonly from: "this network" | "another network" | "nothing";
  readonly backend?: BackendName;
}

/** The time of a training before it starts: measured, else by comparison of products, else a guess. */
export function timeOf(config: RunConfig, multiplyAdds: number, known: Speed | undefined): TimeGuess {
  const { images, batch } = config.train;
  if (!known) {
    return { seconds: (images * multiplyAdds) / GUESS + (images / batch) * UPDATE, from: "nothing" };
  }
  const { backend, first } = known;
  if (known.network === networkKey(config)) {
    return { seconds: first + images / known.imagesPerSecond, from: "this network", backend };
  }
  return { seconds: (images * multiplyAdds) / known.multiplyAddsPerSecond, from: "another network", backend };
}

/** Runs the network of a configuration for a few updates, and remembers how fast it was. */
export async function measure(input: SpeedInput): Promise<void> {
  const stop = new AbortController();
  trial.value = stop;
  try {
    await startBackend();
    const { seconds, first, multiplyAdds } = await call("measureSpeed", input, { signal: stop.signal });
    rememberSpeed(input.config, input.config.train.batch / seconds, multiplyAdds, first);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    trial.value = undefined;
  }
}

/** Keeps what was measured for the backend that runs. */
export function rememberSpeed(
  config: RunConfig,
  imagesPerSecond: number,
  multiplyAdds: number,
  first = 0,
): void {
  const backend = backendReport.peek()?.name;
  if (!backend || !(imagesPerSecond > 0)) return;
  const network = networkKey(config);
  const multiplyAddsPerSecond = multiplyAdds * imagesPerSecond;
  speed.value = { network, imagesPerSecond, multiplyAddsPerSecond, first, backend };
  localStorage.setItem(KEY, JSON.stringify(speed.value));
}

function networkKey({ denoiser, data, train }: RunConfig): string {
  return JSON.stringify([denoiser, data.size, train.batch]);
}

function remembered(): Speed | undefined {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? "null") as Speed | null;
    return stored && stored.multiplyAddsPerSecond > 0 ? stored : undefined;
  } catch {
    return undefined;
  }
}
