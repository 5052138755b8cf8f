import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { expect, test } from "vitest";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Bytes of a program as pages load it: bundled from the sources, minified, compressed. */
async function bytesOf(program: string, external: string[] = []): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: join(root, "apps/trainer") },
    bundle: true,
    minify: true,
    format: "esm",
    conditions: ["@ddpm/source"],
    external,
    write: false,
    logLevel: "silent",
  });
  return gzipSync(outputFiles[0]!.contents, { level: 9 }).length;
}

test("one schedule takes at most 8 kB of a page", async () => {
  const bytes = await bytesOf('import { cosine } from "@ddpm/schedules"; console.log(cosine().at(0.5));');
  expect(bytes).toBeLessThan(8_000);
  expect(bytes).toBeGreaterThan(1_000);
});

test("sampling with a U-Net takes at most 30 kB next to tfjs-core and zod", async () => {
  const program = `
    import { cosine } from "@ddpm/schedules";
    import { ddim, denoiseWith, lastOf, samplingLoop } from "@ddpm/diffusion";
    import { ho } from "@ddpm/unet";
    console.log(cosine, ddim, denoiseWith, lastOf, samplingLoop, ho);
  `;
  const bytes = await bytesOf(program, ["@tensorflow/tfjs-core", "zod"]);
  expect(bytes).toBeLessThan(30_000);
  expect(bytes).toBeGreaterThan(8_000);
});

test("pictures without charts do not bring ECharts along", async () => {
  const bytes = await bytesOf('export { grid, png } from "@ddpm/viz";');
  expect(bytes).toBeLessThan(30_000);
});
