import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ModelSize } from "./model.ts";

/** What one process measured. */
export interface Measurement {
  readonly times: readonly number[];
  readonly cpuTimes: readonly number[];
  readonly values: readonly number[];
  readonly peakMegabytes: number;
  readonly parameters: number;
}

export interface Work {
  readonly work: "train" | "sample";
  readonly size: ModelSize;
  readonly threads: number;
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
function javascript(name: string, about: string): Engine {
  return {
    name,
    about,
    measure: ({ work, size, threads, warmup, steps }) =>
      lastJson(process.execPath, [
        ...["--import", "tsx", "--conditions=@ddpm/source", worker],
        ...[name, work, size.name, `${threads}`, `${warmup}`, `${steps}`],
      ]),
  };
}

/** PyTorch, if the Python named by DDPM_BENCH_PYTHON (or python3) has it. */
const pytorch: Engine = {
  name: "pytorch",
  about: "PyTorch on the CPU, eager",
  measure: ({ work, size, threads, warmup, steps }) => {
    const python = process.env.DDPM_BENCH_PYTHON ?? "python3";
    if (!existsSync(peer)) return null;
    return lastJson(python, [peer, work, JSON.stringify(size), `${threads}`, `${warmup}`, `${steps}`]);
  },
};

/** Every engine, PyTorch first since the others are compared with it. */
export const ENGINES: readonly Engine[] = [
  pytorch,
  javascript("onnx", "this project's backend, compiled step"),
  javascript("onnx-recorded", "this project's backend, recorded in every step"),
  javascript("wasm", "tfjs-backend-wasm with the missing gradients supplied"),
  javascript("cpu", "tfjs-backend-cpu"),
];
