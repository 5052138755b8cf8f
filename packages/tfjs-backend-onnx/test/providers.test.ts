import "@tensorflow/tfjs";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { onnxProviders } from "../src/index.ts";
import { train } from "./browser/train.ts";

/** Debian's chromium brings a Vulkan driver that needs no graphics card. */
const SWIFTSHADER = "/usr/lib/chromium/vk_swiftshader_icd.json";
const driver = process.env.VK_DRIVER_FILES ?? SWIFTSHADER;
const usable = existsSync(driver) && onnxProviders().includes("webgpu");
if (!usable) console.warn(`no test of the webgpu provider: it needs a driver, such as ${SWIFTSHADER}`);

it.skipIf(!usable)("the webgpu provider trains with the losses of the cpu backend", async () => {
  const program = fileURLToPath(new URL("./providers/program.ts", import.meta.url));
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", "tsx", "--conditions=@ddpm/source", program, "webgpu"],
    {
      encoding: "utf8",
      env: {
        ...process.env,
        VK_DRIVER_FILES: driver,
        XDG_RUNTIME_DIR: process.env.XDG_RUNTIME_DIR ?? tmpdir(),
      },
    },
  );
  const reported = JSON.parse(stdout.trim().split("\n").at(-1)!) as {
    started: boolean;
    losses: readonly number[];
  };
  expect(reported.started, stderr).toBe(true);
  await tf.setBackend("cpu");
  for (const [step, loss] of (await train(3)).entries())
    expect(Math.abs(reported.losses[step]! / loss - 1), `step ${step}`).toBeLessThan(1e-4);
});
