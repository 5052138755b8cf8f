import type { Consumer } from "../consumer.ts";
import { PACKAGES, SHARED, weights, writePrograms } from "./programs.ts";

const CONFIGURATION = `
const common = { mode: "production", target: "web" };
module.exports = {
  weighed: {
    ...common,
    entry: { cosine: "./cosine.mjs", sampling: "./sampling.mjs" },
    externals: ${JSON.stringify(SHARED)},
    externalsType: "commonjs",
    output: { path: require("node:path").resolve("weighed") },
  },
  page: { ...common, entry: "./page.mjs" },
  // docs/guides/browsers.md: a page without ONNX Runtime.
  without: { ...common, entry: "./page.mjs", resolve: { alias: { "onnxruntime-web": false } } },
};
`;

/** webpack 5, with `onnxruntime-web` and without. */
export const webpack: Consumer = {
  name: "webpack",
  usual: false,
  async run(project) {
    const { write, run, install } = project;
    await install(...PACKAGES, "webpack@5", "webpack-cli");
    writePrograms(project);
    write("configurations.cjs", CONFIGURATION);
    const build = (name: string): Promise<string> => {
      write("webpack.config.cjs", `module.exports = require("./configurations.cjs").${name};\n`);
      return run("npx", ["webpack"]);
    };
    await build("weighed");
    await build("without");
    await install("onnxruntime-web@1.30.0");
    await build("page");
    return `${weights(project, "weighed")}; a page with and without onnxruntime-web`;
  },
};
