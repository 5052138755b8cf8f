import type { Consumer } from "../consumer.ts";
import { PACKAGES, SHARED, weights, writePrograms } from "./programs.ts";

/** esbuild, which bundles a page without the files that ONNX Runtime and Node bring. */
export const esbuild: Consumer = {
  name: "esbuild",
  usual: true,
  async run(project) {
    const { run, install } = project;
    await install(...PACKAGES, "esbuild");
    writePrograms(project);
    const flags = ["--bundle", "--minify", "--format=esm"];
    const shared = SHARED.map((name) => `--external:${name}`);
    await run("npx", ["esbuild", "cosine.mjs", "sampling.mjs", ...flags, ...shared, "--outdir=weighed"]);
    const external = ["--external:onnxruntime-*", "--external:node:*", "--platform=browser"];
    await run("npx", ["esbuild", "page.mjs", ...flags, ...external, "--outfile=out/page.js"]);
    await run("node", ["weighed/cosine.js"]);
    return weights(project, "weighed");
  },
};
