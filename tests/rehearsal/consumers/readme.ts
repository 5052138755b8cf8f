import { join } from "node:path";
import { NODES, nodeProgram } from "../nodes.ts";
import { checkPng, readmeProgram } from "../program.ts";
import { type Consumer, check } from "./consumer.ts";

/** `npm install ddpm` in an empty folder, and the README's program; then with ONNX Runtime on each Node. */
export const readme: Consumer = {
  name: "readme",
  usual: true,
  fetches: ["@ddpm/cli"],
  async run({ folder, tree, write, run, install }) {
    await install("ddpm");
    write("alone.mjs", readmeProgram(tree, 32));
    await run("node", ["alone.mjs"]);
    checkPng(join(folder, "shapes.png"));
    const version = await run("npx", ["ddpm", "--version"]);
    check(/^\d+\.\d+\.\d+$/m.test(version), `npx ddpm does not start the command:\n${version}`);
    await install("onnxruntime-node@1.30.0", "--ignore-scripts");
    const program = `${readmeProgram(tree, 640, 20)}\nconsole.log(process.version);`;
    const versions: string[] = [];
    for (const node of NODES) {
      write(`with-${node}.mjs`, program.replaceAll("shapes.png", `shapes-${node}.png`));
      const printed = await run(await nodeProgram(node, tree), [`with-${node}.mjs`]);
      checkPng(join(folder, `shapes-${node}.png`));
      versions.push(printed.trim().split("\n").at(-1)!);
    }
    return `a PNG with ddpm alone, its command, and with ONNX Runtime on ${versions.join(", ")}`;
  },
};
