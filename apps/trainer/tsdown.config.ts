import { defineConfig } from "tsdown";

/** Shared with the user's own modules, not JavaScript alone, or (the last) in a form that bundlers cannot follow. */
const INSTALLED = /^(@tensorflow\/|onnxruntime-|sharp$|webgpu$|tsx($|\/)|jsonc-parser$)/;

/** The command in a few files, its packages among them, so that it starts quickly. */
export default defineConfig({
  entry: { main: "src/main.ts", worker: "../../packages/data/src/node/workers/worker.ts" },
  format: "esm",
  platform: "node",
  target: "es2023",
  dts: false,
  sourcemap: true,
  clean: true,
  fixedExtension: false,
  deps: { alwaysBundle: [/./], neverBundle: [INSTALLED, /^node:/], onlyBundle: false },
  plugins: [
    {
      // Its entry for Node re-exports a script in a form that bundlers cannot follow.
      name: "tslib-as-module",
      resolveId(id, importer) {
        return id === "tslib" ? this.resolve("tslib/tslib.es6.js", importer) : undefined;
      },
    },
  ],
  inputOptions: { resolve: { conditionNames: ["@ddpm/source", "node"] } },
});
