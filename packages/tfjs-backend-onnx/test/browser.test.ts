import "@tensorflow/tfjs";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as tf from "@tensorflow/tfjs-core";
import { build } from "esbuild";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Report } from "./browser/report.ts";
import { serve } from "./browser/server.ts";
import { train } from "./browser/train.ts";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const found = existsSync(CHROMIUM);
if (!found) console.warn(`no browser tests: there is no ${CHROMIUM}; install chromium or set CHROMIUM`);

const source = (name: string): string => fileURLToPath(new URL(`./browser/${name}`, import.meta.url));

describe.skipIf(!found)("in a browser", () => {
  const folder = mkdtempSync(join(tmpdir(), "onnx-browser-"));
  let browser: Browser;
  let expected: readonly number[];

  beforeAll(async () => {
    await build({
      entryPoints: [source("page.ts"), source("worker.ts")],
      outdir: folder,
      bundle: true,
      format: "esm",
      platform: "browser",
      conditions: ["@ddpm/source"],
      logLevel: "error",
    });
    writeFileSync(
      join(folder, "index.html"),
      '<!doctype html><script type="module" src="/page.js"></script>',
    );
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
    await tf.setBackend("cpu");
    expected = await train();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const isolated of [false, true]) {
    for (const where of ["inPage", "inWorker"]) {
      it(`trains ${where}, ${isolated ? "cross-origin isolated" : "not isolated"}`, async () => {
        const server = await serve(folder, isolated);
        const page = await browser.newPage();
        try {
          await page.goto(`${server.address}/index.html`);
          await page.waitForFunction(`typeof ${where} === "function"`);
          const report = (await page.evaluate(`${where}()`)) as Report;
          expect(report).toMatchObject({ started: true, sum: 4950 });
          expect(report.refusal).toMatch(/no execution provider "webgpu" here. There are: cpu\.$/);
          if (isolated) expect(report.threads).toBeGreaterThan(1);
          else expect(report.threads).toBe(1);
          for (const [step, loss] of expected.entries()) {
            expect(Math.abs(report.losses[step]! / loss - 1), `step ${step}`).toBeLessThan(1e-4);
          }
          expect(report.losses.at(-1)).toBeLessThan(0.9 * report.losses[0]!);
        } finally {
          await page.close();
          server.close();
        }
      });
    }
  }
});
