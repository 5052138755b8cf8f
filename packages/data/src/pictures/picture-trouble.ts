import { fail } from "@ddpm/core";
import { refuseGitLfsPointer } from "@ddpm/core/authoring";
import { decodesHere, kindByContent } from "./picture-kind.ts";

/** Bytes of a file's beginning that {@link refuseUndecodable} looks at. */
export const PICTURE_HEAD = 1024;

/**
 * Refuses by its beginning what no codec has to try: an empty file, a Git LFS pointer, text, a kind that is not supported.
 *
 * @param head the file's first 1024 bytes, or all of it
 * @param file what messages call the picture
 * @throws DdpmError naming the file and what it is
 */
export function refuseUndecodable(head: Uint8Array, file: string): void {
  const broken = (what: string): never =>
    fail("data/decode", `${file}: does not decode (${what}).`, "Remove it, or set skipBad.");
  if (head.length === 0) broken("it is empty: 0 bytes");
  refuseGitLfsPointer("data/files", head, file);
  const kind = kindByContent(head);
  if (!kind) broken(`it begins as no picture does: ${beginning(head)}`);
  else if (!decodesHere(kind)) {
    fail(
      "data/decode",
      `${file}: is a ${kind.name} picture, which is not supported here.`,
      "Convert it to PNG or JPEG, or set skipBad.",
    );
  }
}

/**
 * Refuses a picture with what its codec reports.
 *
 * @param file what messages call the picture
 * @throws DdpmError always
 */
export function refuseByCodec(file: string, cause: unknown): never {
  const [first = ""] = (cause instanceof Error ? cause.message : String(cause)).split("\n");
  const reported = first.trim().replace(/:$/, "");
  const reason = reported === "" || reported === "Unknown error" ? "its data is damaged" : reported;
  return fail("data/decode", `${file}: does not decode (${reason}).`, "Remove it, or set skipBad.", {
    cause,
  });
}

/** The first bytes, as text where they are text. */
function beginning(bytes: Uint8Array): string {
  const text = String.fromCharCode(...bytes.subarray(0, 16));
  if (/^[\t\n\r\x20-\x7e]+$/.test(text)) return JSON.stringify(text);
  return [...bytes.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
}
