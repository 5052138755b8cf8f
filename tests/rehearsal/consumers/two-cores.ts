import { type Consumer, check } from "./consumer.ts";

const PROGRAM = `
import "tfjs-core-of-another-library";
import { useBackend } from "@ddpm/backends";

await useBackend(process.argv[2]).then(
  () => console.log("chosen"),
  ({ message }) => console.log(message),
);
`;

/** A project in which another library has brought, and loaded first, its own tfjs-core: the error names the two copies. */
export const twoCores: Consumer = {
  name: "two-cores",
  usual: false,
  async run({ write, run, install }) {
    const other = "tfjs-core-of-another-library@npm:@tensorflow/tfjs-core@4.21.0";
    await install("--ignore-scripts", "@ddpm/backends", "onnxruntime-node@1.30.0", other);
    write("choose.mjs", PROGRAM);
    for (const backend of ["auto", "onnx"]) {
      const printed = await run("node", ["choose.mjs", backend]);
      check(printed.includes("two copies of tfjs-core"), `useBackend("${backend}") printed: ${printed}`);
    }
    const printed = await run("node", ["choose.mjs", "wasm"]);
    check(printed.includes("chosen"), `useBackend("wasm") printed: ${printed}`);
    return "auto and onnx name the two copies; wasm computes with either";
  },
};
