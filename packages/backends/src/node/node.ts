import { createRequire } from "node:module";
import { fail } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import type { Backend } from "../backend.ts";

const require = createRequire(import.meta.url);

/** tfjs-node 4.22 calls helpers that Node 23 removed from `util`. */
function restoreRemovedUtil(): void {
  const util = require("node:util") as Record<string, unknown>;
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  util.isArray ??= Array.isArray;
}

function nativeBackend(name: string, packageName: string, about: string): Backend {
  return {
    name,
    about,
    async start({ threads }) {
      if (threads) process.env.TF_NUM_INTRAOP_THREADS = String(threads);
      process.env.TF_CPP_MIN_LOG_LEVEL ??= "2";
      restoreRemovedUtil();
      try {
        require(packageName);
      } catch (cause) {
        const missing = (cause as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND";
        const reason = (cause as Error).message.split("\n")[0];
        fail(
          `backends/${name}`,
          missing ? `${packageName} is not installed.` : `${packageName} does not load: ${reason}.`,
          `It needs TensorFlow's native library: npm install ${packageName}@4.22.0 downloads it where a build exists.`,
          { cause },
        );
      }
      await tf.setBackend("tensorflow");
      await tf.ready();
      const { binding } = tf.backend() as unknown as { binding: { TF_Version: string } };
      return { name, detail: `TensorFlow ${binding.TF_Version}` };
    },
  };
}

/** TensorFlow's C library on the CPU, when its native half is there. */
export const node: Backend = nativeBackend(
  "node",
  "@tensorflow/tfjs-node",
  "TensorFlow's C library on the CPU; optional, its installer downloads the library",
);

/** TensorFlow's C library on CUDA, when its native half is there. */
export const nodeGpu: Backend = nativeBackend(
  "node-gpu",
  "@tensorflow/tfjs-node-gpu",
  "TensorFlow's C library with CUDA 11; optional, its installer downloads the library",
);
