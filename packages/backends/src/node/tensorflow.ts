import { createRequire } from "node:module";
import { fail, type Plugin } from "@ddpm/core";
import type { Backend, StartedBackend } from "../backend.ts";
import { plugin } from "../plugin.ts";
import { threads } from "../threads.ts";

const require = createRequire(import.meta.url);

/** tfjs-node 4.22 calls helpers that Node 23 removed from `util`. */
function restoreRemovedUtil(): void {
  const util = require("node:util") as Record<string, unknown>;
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  util.isArray ??= Array.isArray;
}

/** A backend on TensorFlow's C library, for the plugins of packages that bring it. */
export function tensorflow(
  name: string,
  packageName: string,
  about: string,
): Plugin<{ threads?: number }, Backend> {
  return plugin({
    name,
    about,
    source: packageName,
    options: { threads },
    create: (options): Backend => ({ start: () => start(name, packageName, options.threads) }),
  });
}

async function start(name: string, packageName: string, count?: number): Promise<StartedBackend> {
  if (count) process.env.TF_NUM_INTRAOP_THREADS = String(count);
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
  const tf = await import("@tensorflow/tfjs-core");
  await tf.setBackend("tensorflow");
  await tf.ready();
  const { binding } = tf.backend() as unknown as { binding: { TF_Version: string } };
  return { name, detail: `TensorFlow ${binding.TF_Version}` };
}
