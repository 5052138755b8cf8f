const INSTALL = "ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node@1.30.0";

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
    return [`it has no native library for ${platform}`, ELSEWHERE];
  if (cause.code === "MODULE_NOT_FOUND")
    return [reason, `Install it without its download of extras: ${INSTALL}`];
  if (/ld-linux|libc\.musl|__\w+_chk|GLIBC|symbol not found/.test(reason))
    return [
      `${reason}; its library is built for glibc, which this system lacks or has too old a version of`,
      ELSEWHERE,
    ];
  return [
    reason,
    `Its files are damaged or for another system. Install it again, without its download of extras: ${INSTALL}`,
  ];
}
