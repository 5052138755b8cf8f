import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Dispatches } from "./dispatches.ts";
import type { ModelSize } from "./model.ts";
import { graphicsEnvironment } from "./webgpu.ts";

/** What one process measured; the dispatches of its last step where it computes on WebGPU. */
export interface Measurement extends Partial<Dispatches> {
  readonly times: readonly number[];
  readonly cpuTimes: readonly number[];
  readonly values: readonly number[];
  readonly peakMegabytes: number;
  readonly parameters: number;
  /** The graphics adapter that computed. */
  readonly adapter?: string;
}

export interface Work {
  readonly work: "train" | "sample";
  readonly size: ModelSize;
  readonly batch: number;
  readonly threads: number;
  /** Programs of WebGPU are counted, but not run. */
  readonly dry: boolean;
  readonly warmup: number;
  readonly steps: number;
}

/** A way to run the benchmark's U-Net; `measure` returns null where it cannot run, with the reason on stderr. */
export interface Engine {
  readonly name: string;
  readonly about: string;
  measure(work: Work): Measurement | null;
}

const worker = fileURLToPath(new URL("./worker.ts", import.meta.url));
const peer = fileURLToPath(new URL("../peers/torch_unet.py", import.meta.url));

function lastJson(
  command: string,
  args: readonly string[],
  environment: Record<string, string> = {},
): Measurement | null {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: "utf8",
    env: { ...process.env, ...environment },
    maxBuffer: 1 << 26,
  });
  if (status !== 0) {
    console.error(`${args[0]}: ${error?.message ?? stderr.trim().split("\n").at(-1)}`);
    return null;
  }
  return JSON.parse(stdout.trim().split("\n").at(-1)!) as Measurement;
}

/** An engine of TensorFlow.js in a process of its own. */
function javascript(name: string, about: string, environment: Record<string, string> = {}): Engine {
  return {
    name,
    about,
    measure: ({ work, size, batch, threads, dry, warmup, steps }) => {
      const numbers = [batch, threads, warmup, steps].map(String);
      const flags = ["--import", "tsx", "--conditions=@ddpm/source", worker];
      return lastJson(process.execPath, [...flags, name, work, size.name, ...numbers], {
        ...environment,
        ...(dry ? { BENCH_DRY: "1" } : {}),
      });
    },
  };
}

/** PyTorch, if the Python named by DDPM_BENCH_PYTHON (or python3) has it. */
const pytorch: Engine = {
  name: "pytorch",
  about: "PyTorch on the CPU, eager",
  measure: ({ work, size, batch, threads, warmup, steps }) => {
    const python = process.env.DDPM_BENCH_PYTHON ?? "python3";
    if (!existsSync(peer)) return null;
    const given = JSON.stringify({ ...size, trainBatch: batch, sampleBatch: batch });
    return lastJson(python, [peer, work, given, `${threads}`, `${warmup}`, `${steps}`]);
  },
};

/** Every engine, PyTorch first since the others are compared with it. */
export const ENGINES: readonly Engine[] = [
  pytorch,
  javascript("onnx", "this project's backend, compiled step"),
  javascript("onnx-recorded", "this project's backend, recorded in every step"),
  javascript("wasm", "tfjs-backend-wasm with the missing gradients supplied"),
  javascript("cpu", "tfjs-backend-cpu"),
  javascript("webgpu-stock", "tfjs-backend-webgpu as it is", graphicsEnvironment()),
  javascript("webgpu", "tfjs-backend-webgpu with this project's kernels", graphicsEnvironment()),
];
