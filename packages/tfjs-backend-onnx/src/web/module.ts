import { fail } from "../errors.ts";
import { canShareMemory } from "./threads.ts";

/**
 * What is used of ONNX Runtime's WebAssembly module.
 *
 * Pointers and handles are numbers; functions return 0 for success, or a handle that is 0 on failure.
 */
export interface OrtModule {
  readonly HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _free(pointer: number): void;
  getValue(pointer: number, type: "i32" | "*"): number;
  setValue(pointer: number, value: number, type: "i32" | "*"): void;
  UTF8ToString(pointer: number): string;
  lengthBytesUTF8(text: string): number;
  stringToUTF8(text: string, pointer: number, bytes: number): void;
  _OrtInit(threads: number, logLevel: number): number;
  _OrtGetLastError(code: number, message: number): number;
  _OrtCreateSessionOptions(
    optimization: number,
    arena: boolean,
    memoryPattern: boolean,
    parallel: number,
    profile: boolean,
    profilePrefix: number,
    logId: number,
    logLevel: number,
    logVerbosity: number,
    optimizedModel: number,
  ): number;
  _OrtReleaseSessionOptions(options: number): number;
  _OrtCreateSession(model: number, bytes: number, options: number): number;
  _OrtReleaseSession(session: number): number;
  _OrtCreateTensor(
    type: number,
    data: number,
    bytes: number,
    dims: number,
    rank: number,
    location: number,
  ): number;
  _OrtReleaseTensor(tensor: number): number;
  _OrtCreateRunOptions(logLevel: number, verbosity: number, terminate: boolean, tag: number): number;
  _OrtReleaseRunOptions(options: number): number;
  _OrtRun(
    session: number,
    inputNames: number,
    inputs: number,
    inputCount: number,
    outputNames: number,
    outputCount: number,
    outputs: number,
    options: number,
  ): number;
}

/** What the module's script exports by default. */
type Factory = (settings: {
  readonly numThreads: number;
  readonly locateFile: (file: string) => string;
}) => Promise<unknown>;

/** Errors only: whatever stops a graph is thrown anyway. */
export const LOG_ERRORS = 4;

/**
 * Loads and starts the WebAssembly build of ONNX Runtime.
 *
 * The public API of onnxruntime-web is asynchronous, which TensorFlow.js's `dataSync` cannot wait for. The functions below
 * it, which this build exports, are synchronous once the module is there; the version of onnxruntime-web is pinned for them.
 *
 * @param threads more than 1 only where memory can be shared
 * @param folder address of the folder that holds the module's two files, or undefined to leave that to the bundler
 */
export async function loadWasm(threads: number, folder?: string): Promise<OrtModule> {
  if (threads > 1 && !canShareMemory()) {
    fail(
      "tfjs-backend-onnx/module",
      `${threads} threads share memory, which this page may not`,
      "Serve it with Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp, or take 1.",
    );
  }
  let module: OrtModule;
  try {
    // Vite, webpack and Turbopack see these constructors, copy the files and put in their addresses. Inside of `try`
    // Turbopack warns where the files are not installed, and does not fail.
    const { script, binary } =
      folder === undefined
        ? {
            script: new URL("onnxruntime-web/ort-wasm-simd-threaded.mjs", import.meta.url).href,
            binary: new URL("onnxruntime-web/ort-wasm-simd-threaded.wasm", import.meta.url).href,
          }
        : addressesIn(folder);
    // The script is a file of its own, not a part of the bundle: its threads load it again.
    const { default: factory } = (await import(/* webpackIgnore: true */ /* @vite-ignore */ script)) as {
      default: Factory;
    };
    module = (await factory({ numThreads: threads, locateFile: () => binary })) as OrtModule;
  } catch (cause) {
    const [reason] = (cause instanceof Error ? cause.message : String(cause)).split("\n");
    return fail(
      "tfjs-backend-onnx/module",
      `onnxruntime-web does not load: ${reason}`,
      "Serve ort-wasm-simd-threaded.mjs and .wasm of onnxruntime-web@1.30.0 in one folder and name it: configureOnnx({ wasmFolder }).",
    );
  }
  if (module._OrtInit(threads, LOG_ERRORS) !== 0)
    fail("tfjs-backend-onnx/module", `ONNX Runtime does not start with ${threads} threads`, "Take 1.");
  return module;
}

/** Addresses of the module's two files in a folder. */
function addressesIn(folder: string): { readonly script: string; readonly binary: string } {
  const here = (globalThis as { location?: { href: string } }).location?.href;
  const base = new URL(folder.replace(/\/*$/, "/"), here).href;
  return { script: `${base}ort-wasm-simd-threaded.mjs`, binary: `${base}ort-wasm-simd-threaded.wasm` };
}
