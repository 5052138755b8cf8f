/** The WebAssembly build of ONNX Runtime for CPUs, as Emscripten wraps it. */
declare module "onnxruntime-web/ort-wasm-simd-threaded.mjs" {
  // biome-ignore lint/style/noDefaultExport: so the module is made
  export default function factory(settings: {
    readonly numThreads: number;
    readonly locateFile?: (file: string) => string;
  }): Promise<unknown>;
}
