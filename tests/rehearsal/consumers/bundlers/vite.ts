import type { Consumer } from "../consumer.ts";
import { PACKAGES, SHARED, weights, writePrograms } from "./programs.ts";

const WEIGHED = `
export default {
  build: {
    outDir: "weighed",
    emptyOutDir: false,
    rolldownOptions: {
      input: process.env.PROGRAM,
      external: ${JSON.stringify(SHARED)},
      output: { entryFileNames: "[name].js" },
    },
  },
};
`;

/** Vite, which bundles with Rolldown, with `onnxruntime-web` and without. */
export const vite: Consumer = {
  name: "vite",
  usual: false,
  async run(project) {
    const { write, run, install } = project;
    await install(...PACKAGES, "vite@8");
    writePrograms(project);
    write("weighed.config.mjs", WEIGHED);
    const weighed = ["vite", "build", "--config", "weighed.config.mjs", "--logLevel", "error"];
    for (const PROGRAM of ["cosine.mjs", "sampling.mjs"]) await run("npx", weighed, { env: { PROGRAM } });
    write("index.html", '<!doctype html><script type="module" src="./page.mjs"></script>');
    const page = ["vite", "build", "--target", "es2022", "--logLevel", "error"];
    await run("npx", page);
    await install("onnxruntime-web@1.30.0");
    await run("npx", page);
    return `${weights(project, "weighed")}; a page with and without onnxruntime-web`;
  },
};
