import { runModule } from "./modules.ts";
import type { Output } from "./protocol.ts";

const send = (output: Output): void => postMessage(output);

for (const name of ["log", "warn", "error"] as const) {
  console[name] = (...values: unknown[]) => send({ type: "line", text: values.map(textOf).join(" ") });
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (value instanceof Error) return value.message;
  if (ArrayBuffer.isView(value)) return `[${Array.from(value as Float32Array).join(", ")}]`;
  return JSON.stringify(value) ?? String(value);
}

addEventListener("message", async ({ data }: MessageEvent<string>) => {
  const start = performance.now();
  try {
    await prepare(data);
    await runModule(data);
    send({ type: "done", seconds: (performance.now() - start) / 1000 });
  } catch (error) {
    send({ type: "failed", message: error instanceof Error ? error.message : String(error) });
  }
});

/** The places of files that the packages load: the site's own. */
async function prepare(program: string): Promise<void> {
  if (program.includes('"playground"')) {
    const { showIn } = await import("./surface.ts");
    showIn(send);
  }
  if (!program.includes("useBackend")) return;
  const [{ setWasmPaths }, plain, simd, tf] = await Promise.all([
    import("@tensorflow/tfjs-backend-wasm"),
    import("@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url"),
    import("@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url"),
    import("@tensorflow/tfjs-core"),
  ]);
  setWasmPaths({
    "tfjs-backend-wasm.wasm": plain.default,
    "tfjs-backend-wasm-simd.wasm": simd.default,
    "tfjs-backend-wasm-threaded-simd.wasm": simd.default,
  });
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
}
