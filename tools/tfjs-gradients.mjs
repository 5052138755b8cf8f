// The gradients of TensorFlow.js' operations, as one module that calls the operations of the project's own tfjs-core.
// In Node tfjs-core has them as ES modules without extensions only, which do not load; `@tensorflow/tfjs` has them in a
// form that does, with 250 MB of other packages.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { build } from "esbuild";

const require = createRequire(import.meta.url);
const core = require("@tensorflow/tfjs-core");
const folder = join(dirname(require.resolve("@tensorflow/tfjs-core/package.json")), "dist");
const { version } = require("@tensorflow/tfjs-core/package.json");

const NOTICE = `/*! Compiled from the gradients of @tensorflow/tfjs-core ${version}. Copyright Google LLC, licensed under the Apache License 2.0 (https://www.apache.org/licenses/LICENSE-2.0). */`;

/** Collections of functions that tfjs-core exports under one name each. */
const collections = Object.keys(core).filter((name) => /(^|_)util$/.test(name));

/** Modules whose exports have other names in the public interface, or are state that exists once. */
const states = {
  "engine.js": 'import { engine } from "@tensorflow/tfjs-core";\nexport const ENGINE = engine();',
  "environment.js": 'export { env } from "@tensorflow/tfjs-core";',
  "tensor.js":
    'import { Tensor } from "@tensorflow/tfjs-core";\nexport { Tensor };\nexport const getGlobalTensorClass = () => Tensor;',
  "base.js": 'export { util, backend_util, broadcast_util, slice_util } from "@tensorflow/tfjs-core";',
  "util.js": collection("util", Object.keys(core.util)),
  "util_base.js": collection("util", Object.keys(core.util)),
};

function collection(name, members) {
  return `import { ${name} as all } from "@tensorflow/tfjs-core";\nexport const { ${members.join(", ")} } = all;`;
}

/** What a module exports by name. */
function exportsOf(path) {
  const text = readFileSync(path, "utf8");
  const declared = [...text.matchAll(/^export (?:const|let|var|class|(?:async )?function) (\w+)/gm)];
  const listed = [...text.matchAll(/^export \{([^}]*)\}/gm)].flatMap(([, names]) => names.split(","));
  return [
    ...declared.map(([, name]) => name),
    ...listed.flatMap((name) =>
      name
        .trim()
        .split(/\s+as\s+/)
        .slice(-1),
    ),
  ].filter((name) => name !== "");
}

/** A module that takes what another exports from the public interface; undefined where that lacks something. */
function fromPublic(path) {
  const names = exportsOf(path);
  if (names.length === 0) return undefined;
  if (names.every((name) => name in core))
    return `export { ${names.join(", ")} } from "@tensorflow/tfjs-core";`;
  const holder = collections.find((space) => names.every((name) => name in core[space]));
  return holder && collection(holder, names);
}

/** The source of a module that registers every gradient when it is imported; it imports `@tensorflow/tfjs-core` alone. */
export async function gradientsModule() {
  const { outputFiles } = await build({
    entryPoints: [join(folder, "register_all_gradients.js")],
    bundle: true,
    format: "esm",
    target: "es2022",
    external: ["@tensorflow/tfjs-core"],
    legalComments: "none",
    banner: { js: NOTICE },
    write: false,
    plugins: [
      {
        name: "public-interface",
        setup: ({ onLoad }) =>
          onLoad({ filter: /tfjs-core\/dist\/.*\.js$/ }, ({ path }) => {
            const contents = states[relative(folder, path).replaceAll("\\", "/")] ?? fromPublic(path);
            return contents === undefined ? undefined : { contents, resolveDir: folder };
          }),
      },
    ],
  });
  return outputFiles[0].text;
}

/** Puts the gradients into `gradients.ts` of the package backends, whose source takes them from `@tensorflow/tfjs`. */
export const tfjsGradients = {
  name: "tfjs-gradients",
  async load(id) {
    if (!/backends[\\/]src[\\/]node[\\/]gradients\.ts$/.test(id)) return undefined;
    return { code: await gradientsModule(), moduleType: "js" };
  },
};
