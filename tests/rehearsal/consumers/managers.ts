import { join } from "node:path";
import { checkPng, readmeProgram } from "../program.ts";
import type { Project } from "../project.ts";
import { type Consumer, check } from "./consumer.ts";

/** How a package manager installs without scripts, as docs/onnx-backend.md says it. */
interface Manager {
  readonly name: string;
  /** The npm package and version. */
  readonly package: string;
  readonly install: readonly string[];
  /** How it runs a program. */
  readonly start?: readonly string[];
  readonly more?: Readonly<Record<string, string>>;
}

const PACKAGES = ["ddpm", "onnxruntime-node@1.30.0"];
/** Yarn does not add the peers of what it installs. */
const WITH_PEERS = [...PACKAGES, "@tensorflow/tfjs-core"];

const managers: readonly Manager[] = [
  { name: "npm", package: "npm@11", install: ["install", ...PACKAGES, "--ignore-scripts"] },
  { name: "pnpm", package: "pnpm@12", install: ["add", ...PACKAGES, "--ignore-scripts"] },
  { name: "yarn1", package: "yarn@1", install: ["add", ...WITH_PEERS, "--ignore-scripts"] },
  {
    name: "yarn4",
    package: "@yarnpkg/cli-dist@4",
    install: ["add", ...WITH_PEERS, "--mode=skip-build"],
    more: { ".yarnrc.yml": "nodeLinker: node-modules\n", "yarn.lock": "" },
  },
];

async function tried(manager: Manager, { folder, tree, write, run }: Project): Promise<string> {
  write("package.json", JSON.stringify({ name: `with-${manager.name}`, private: true, type: "module" }));
  for (const [path, text] of Object.entries(manager.more ?? {})) write(path, text);
  const binary = manager.name.replace(/\d$/, "");
  await run("npx", ["-y", "-p", manager.package, binary, ...manager.install]);
  write(
    "program.js",
    readmeProgram(tree, 64).replace(/(await useBackend\(.*?\));/, "console.log(($1).name);"),
  );
  const printed = await run("node", ["program.js"]);
  check(/^onnx$/m.test(printed), `it does not compute on onnx:\n${printed}`);
  checkPng(join(folder, "shapes.png"));
  return "installed without scripts; a PNG, computed by ONNX Runtime";
}

/** Every package manager: a program on ONNX Runtime. */
export const packageManagers: readonly Consumer[] = managers.map((manager) => ({
  name: manager.name,
  usual: false,
  run: (project) => tried(manager, project),
}));
