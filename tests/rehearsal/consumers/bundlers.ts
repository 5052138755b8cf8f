import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type Consumer, check } from "./consumer.ts";

const COSINE = 'import { cosine } from "@ddpm/schedules";\nconsole.log(cosine().at(0.5).alpha);\n';
/** `useBackend` picks its browser entry; nothing here needs ONNX Runtime to be installed. */
const SAMPLING = `
import { grid, model, png, sample, shapes, train, useBackend } from "ddpm";
await useBackend("auto");
const trained = await train(model(), shapes({ size: 16 }), { until: 32 });
globalThis.picture = png(grid(await sample(trained, { count: 4, steps: 2 })));
`;
/** Bytes of `cosine`, minified and compressed, that a bundler may make. */
const COSINE_BYTES = 8_000;

function sized(folder: string, file: string): string {
  const bytes = gzipSync(readFileSync(join(folder, file)), { level: 9 }).length;
  check(bytes <= COSINE_BYTES, `cosine is ${bytes} bytes in ${file}, at most ${COSINE_BYTES} expected`);
  return `cosine ${bytes} B`;
}

/** esbuild: one schedule, and a program that trains and samples. */
export const esbuild: Consumer = {
  name: "esbuild",
  usual: true,
  async run({ folder, write, run, install }) {
    await install("ddpm", "@ddpm/schedules", "esbuild");
    write("cosine.mjs", COSINE);
    write("sampling.mjs", SAMPLING);
    const flags = ["--bundle", "--minify", "--format=esm"];
    await run("npx", ["esbuild", "cosine.mjs", ...flags, "--outfile=out/cosine.js"]);
    const external = ["--external:onnxruntime-*", "--external:node:*", "--platform=browser"];
    await run("npx", ["esbuild", "sampling.mjs", ...flags, ...external, "--outfile=out/sampling.js"]);
    await run("node", ["out/cosine.js"]);
    return sized(folder, "out/cosine.js");
  },
};

/** Vite, which bundles with rolldown. */
export const vite: Consumer = {
  name: "vite",
  usual: false,
  async run({ folder, write, run, install }) {
    await install("ddpm", "@ddpm/schedules", "vite@8", "onnxruntime-web@1.30.0");
    write("cosine.mjs", COSINE);
    write("sampling.mjs", SAMPLING);
    write("index.html", '<!doctype html><script type="module" src="./sampling.mjs"></script>');
    write(
      "library.config.mjs",
      'export default { build: { lib: { entry: "cosine.mjs", formats: ["es"], fileName: () => "cosine.js" }, minify: true, outDir: "out" } };',
    );
    await run("npx", ["vite", "build", "--config", "library.config.mjs", "--logLevel", "error"]);
    await run("npx", ["vite", "build", "--target", "es2022", "--logLevel", "error"]);
    return sized(folder, "out/cosine.js");
  },
};

/** webpack 5, with `onnxruntime-web` and without. */
export const webpack: Consumer = {
  name: "webpack",
  usual: false,
  async run({ folder, write, run, install }) {
    await install("ddpm", "@ddpm/schedules", "webpack@5", "webpack-cli");
    write("cosine.mjs", COSINE);
    write("sampling.mjs", SAMPLING);
    const build = (entry: string, target: string): Promise<string> =>
      run("npx", [
        "webpack",
        "--mode",
        "production",
        "--entry",
        `./${entry}`,
        "--target",
        target,
        "-o",
        `out/${entry}`,
      ]);
    await build("cosine.mjs", "web");
    await build("sampling.mjs", "web");
    await install("onnxruntime-web@1.30.0");
    await build("sampling.mjs", "web");
    return `${sized(folder, "out/cosine.mjs/main.js")}; a page with and without onnxruntime-web`;
  },
};
