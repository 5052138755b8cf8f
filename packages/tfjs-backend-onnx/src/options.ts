import { fail } from "./errors.ts";

/** Settings of the backend; they count from the moment the backend is first used. */
export interface OnnxOptions {
  /** Threads inside one operator; default: all that the process may use, in a page that is not cross-origin isolated 1. */
  threads?: number;
  /**
   * Execution providers of ONNX Runtime in order of preference; default: ["cpu"]. What a provider cannot do falls to the
   * next one, and in the end to the CPU.
   */
  providers?: readonly string[];
  /** Prefix of files into which ONNX Runtime profiles every operator; default: none. In Node only. */
  profile?: string;
  /** Never use direct blocked convolutions, even where the start-up test finds that they work; default: false. */
  plainConvolutions?: boolean;
  /** Compiled graphs to keep; the least recently used one is released beyond it. Default: 16. */
  maxSessions?: number;
  /** Bytes of idle buffers to keep for the next results. Default: 1 GiB. */
  maxIdleBytes?: number;
  /**
   * Address of a folder with `ort-wasm-simd-threaded.mjs` and `ort-wasm-simd-threaded.wasm` from onnxruntime-web; default:
   * what the bundler makes of an import. In browsers only.
   */
  wasmFolder?: string;
}

const whole =
  (least: number) =>
  (value: unknown): string =>
    Number.isInteger(value) && (value as number) >= least ? "" : `a whole number of at least ${least}`;
const text = (value: unknown): string => (typeof value === "string" ? "" : "a string");

/** What is expected where a value is wrong, or "". */
const checks: Readonly<Record<keyof OnnxOptions, (value: unknown) => string>> = {
  threads: whole(1),
  providers: (value) =>
    Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === "string")
      ? ""
      : 'a list of names, such as ["cpu"]',
  profile: text,
  plainConvolutions: (value) => (typeof value === "boolean" ? "" : "true or false"),
  maxSessions: whole(1),
  maxIdleBytes: whole(0),
  wasmFolder: text,
};

/** Adds settings to others. */
export function mergeOptions(settings: OnnxOptions, added: OnnxOptions): void {
  for (const [name, value] of Object.entries(added)) {
    const check = checks[name as keyof OnnxOptions];
    if (!check)
      fail(
        "tfjs-backend-onnx/options",
        `there is no option ${name}`,
        `Options: ${Object.keys(checks).join(", ")}.`,
      );
    const expected = value === undefined ? "" : check(value);
    if (expected)
      fail("tfjs-backend-onnx/options", `${name} is ${JSON.stringify(value)}`, `It has to be ${expected}.`);
  }
  Object.assign(settings, added);
}

/**
 * Refuses execution providers that a runtime does not have.
 *
 * @param available names of those that it has
 */
export function checkProviders(wanted: readonly string[], available: readonly string[]): void {
  for (const name of wanted) {
    if (available.includes(name)) continue;
    fail(
      "tfjs-backend-onnx/options",
      `ONNX Runtime has no execution provider ${JSON.stringify(name)} here`,
      `There are: ${available.join(", ")}.`,
    );
  }
}
