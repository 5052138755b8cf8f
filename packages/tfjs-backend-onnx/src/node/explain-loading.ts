import { installCommand, RUNTIME_VERSION } from "./install-command.ts";

const ELSEWHERE = "Take another backend, such as wasm.";

/**
 * Why onnxruntime-node does not load, and what to do.
 *
 * @param cause what `require` threw
 */
export function explainLoading(
  cause: NodeJS.ErrnoException,
  platform: string = `${process.platform} ${process.arch}`,
): readonly [reason: string, hint: string] {
  const reason = cause.message.split("\n")[0]!;
  if (cause.code === "MODULE_NOT_FOUND" && /onnxruntime_binding\.node/.test(reason))
    return [`onnxruntime-node does not load: it has no native library for ${platform}`, ELSEWHERE];
  if (cause.code === "MODULE_NOT_FOUND")
    return ["onnxruntime-node is not installed", `Install it: ${installCommand()}`];
  if (/ld-linux|libc\.musl|__\w+_chk|GLIBC|symbol not found/.test(reason))
    return [
      `onnxruntime-node does not load: ${reason}; its library is built for glibc, which this system lacks or has too old a version of`,
      ELSEWHERE,
    ];
  return [
    `onnxruntime-node does not load: ${reason}`,
    `Its files are damaged or for another system. Install it again: ${installCommand()}`,
  ];
}

/** What to do where another version than {@link RUNTIME_VERSION} is installed, or undefined where it is this one. */
export function explainVersion(version: string): readonly [reason: string, hint: string] | undefined {
  if (version === RUNTIME_VERSION) return undefined;
  return [
    `onnxruntime-node ${version} is installed, expected ${RUNTIME_VERSION}, whose native binding is called`,
    `Install that one: ${installCommand()}`,
  ];
}
