import { createRequire } from "node:module";
import { defineConfig } from "tsdown";
import { tfjsGradients } from "../../tools/tfjs-gradients.mjs";

const require = createRequire(import.meta.url);

/** Shared with the user's own modules, or not JavaScript alone. */
const INSTALLED = /^(onnxruntime-|sharp$|webgpu$|tsx($|\/))/;

/** Packages whose entry for Node is in a form that bundlers cannot follow, and their files of ES modules. */
const MODULES: Readonly<Record<string, string>> = {
  tslib: "tslib/tslib.es6.js",
  "jsonc-parser": "jsonc-parser/lib/esm/main.js",
};

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
    tfjsGradients,
    {
      // A file of TensorFlow.js is CommonJS and holds a megabyte: `import` would first search it for its exports.
      name: "tensorflow-required",
      resolveId: (id) => (/^@tensorflow\/[^/]+$/.test(id) ? `\0${id}` : undefined),
      load(id) {
        if (!id.startsWith("\0@tensorflow/")) return undefined;
        const name = JSON.stringify(id.slice(1));
        const exported = Object.keys(require(id.slice(1))).filter((key) => key !== "default");
        return [
          'import { createRequire } from "node:module";',
          `export const { ${exported.join(", ")} } = createRequire(import.meta.url)(${name});`,
        ].join("\n");
      },
    },
    {
      name: "as-modules",
      resolveId(id, importer) {
        const file = MODULES[id];
        return file === undefined ? undefined : this.resolve(file, importer);
      },
    },
  ],
  inputOptions: { resolve: { conditionNames: ["@ddpm/source", "node"] } },
});
