import { join } from "node:path";
import { entriesOf, packagesOf } from "../entries.ts";
import { readmeProgram } from "../program.ts";
import { type Consumer, check } from "./consumer.ts";

/** What entries need that their packages leave to the project. */
const PEERS = [
  "@tensorflow/tfjs-backend-webgpu@4.22.0",
  "onnxruntime-node@1.30.0",
  "onnxruntime-web@1.30.0",
  "echarts@6",
];

/** All packages in one project: every entry by `import` and by `require`, and their types under both resolutions. */
export const library: Consumer = {
  name: "library",
  usual: true,
  async run({ tree, write, run, install }) {
    await install("--ignore-scripts", ...packagesOf(tree), ...PEERS, "@types/node@20");
    const entries = entriesOf(tree).filter((entry) => !/\/(browser|web|worker)$/.test(entry));
    write("import.mjs", entries.map((entry) => `import ${JSON.stringify(entry)};`).join("\n"));
    await run("node", ["import.mjs"]);
    write("require.cjs", entries.map((entry) => `require(${JSON.stringify(entry)});`).join("\n"));
    await run("node", ["require.cjs"]);
    const all = entriesOf(tree).map((entry, i) => `export * as entry${i} from ${JSON.stringify(entry)};`);
    write("entries.mts", `${all.join("\n")}\n${readmeProgram(tree, 32)}`);
    for (const resolution of ["nodenext", "bundler"]) {
      const module = resolution === "nodenext" ? "nodenext" : "esnext";
      const flags = ["--noEmit", "--strict", "--skipLibCheck", "--target", "es2022", "--types", "node"];
      const tsc = join(tree, "node_modules/typescript-native/bin/tsc");
      await run("node", [tsc, ...flags, "--module", module, "--moduleResolution", resolution, "entries.mts"]);
    }
    check(entries.length > 20, `only ${entries.length} entries`);
    return `${entries.length} entries by import and require; types under nodenext and bundler`;
  },
};
