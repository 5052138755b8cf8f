import { fail } from "@ddpm/core";
import { sizeOf } from "@ddpm/core/authoring";
import { DTYPE_NAMES, DTYPES, isDType, type SafeTensor } from "./dtypes.ts";
import { checkName, HEADER_LIMIT } from "./header.ts";
import { quoted } from "./quoted.ts";
import { checkByteOrder } from "./read.ts";

const WHERE = "weights/write";
const refuse = (what: string): never => fail(WHERE, `${what}.`);

/**
 * A safetensors file in pieces: the header, then each tensor's own memory, not copied. Write them one after the
 * other (`fs.writev`, a stream, a `Blob`) before the arrays change.
 *
 * The same tensors and metadata give the same bytes, in whatever order they come: tensors by dtype, widest
 * first, then by name; metadata by name; the header padded with spaces to a multiple of 8. The reference
 * implementation writes the same bytes, except that it shuffles metadata of more than one entry.
 *
 * @throws DdpmError for a shape that does not fit its data, an array of another dtype, an impossible name
 */
export function safetensorsChunks(
  tensors: Readonly<Record<string, SafeTensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array[] {
  checkByteOrder();
  const sorted = Object.entries(tensors)
    .map(([name, tensor]) => ({ name, tensor: checked(name, tensor) }))
    .sort(
      (a, b) =>
        DTYPE_NAMES.indexOf(a.tensor.dtype) - DTYPE_NAMES.indexOf(b.tensor.dtype) ||
        byCodePoint(a.name, b.name),
    );
  let end = 0;
  const fields = sorted.map(({ name, tensor: { dtype, shape, data } }) => {
    const begin = end;
    end += data.byteLength;
    return `${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [begin, end] })}`;
  });
  const notes = metadataField(metadata);
  const header = headerBytes(`{${[...notes, ...fields].join(",")}}`);
  const views = sorted
    .filter(({ tensor }) => tensor.data.byteLength > 0)
    .map(({ tensor: { data } }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return [header, ...views];
}

/**
 * A safetensors file in one array; {@link safetensorsChunks} says what is in it and saves the copy.
 *
 * @throws DdpmError as {@link safetensorsChunks} does
 */
export function writeSafetensors(
  tensors: Readonly<Record<string, SafeTensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const chunks = safetensorsChunks(tensors, metadata);
  const bytes = new Uint8Array(chunks.reduce((total, chunk) => total + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

function checked(name: string, tensor: SafeTensor): SafeTensor {
  const { dtype, shape, data } = tensor;
  checkName(name, refuse);
  if (name === "__metadata__") refuse('a tensor named "__metadata__", expected another name');
  const bad = (what: string): never => refuse(`tensor ${quoted(name)}: ${what}`);
  if (!isDType(dtype)) bad(`dtype ${quoted(String(dtype))}, expected one of ${DTYPE_NAMES.join(", ")}`);
  const kind = DTYPES[dtype].name;
  if (data.constructor.name !== kind) {
    bad(`${data.constructor.name} for dtype ${dtype}, expected ${kind}`);
  }
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    bad(`shape [${shape.join(", ")}], expected whole numbers from 0 up`);
  }
  const count = sizeOf(shape);
  if (count !== data.length) {
    bad(`${data.length} numbers, expected ${count} for shape [${shape.join(", ")}]`);
  }
  if (dtype === "BOOL" && data.some((value: number) => value > 1)) bad("a BOOL above 1, expected 0 or 1");
  return tensor;
}

function metadataField(metadata: Readonly<Record<string, string>>): string[] {
  const notes = Object.entries(metadata).sort(([a], [b]) => byCodePoint(a, b));
  if (notes.length === 0) return [];
  const pairs = notes.map(([key, text]) => {
    checkName(key, refuse);
    if (typeof text !== "string") refuse(`metadata ${quoted(key)} is not a string, expected one`);
    if (/\p{Surrogate}/u.test(text)) refuse(`metadata ${quoted(key)} holds half a surrogate pair`);
    return `${JSON.stringify(key)}:${JSON.stringify(text)}`;
  });
  return [`"__metadata__":{${pairs.join(",")}}`];
}

/** Length as 8 bytes, little-endian, then the text, padded so that the data after it is aligned to 8. */
function headerBytes(json: string): Uint8Array {
  const text = new TextEncoder().encode(json);
  const length = Math.ceil(text.length / 8) * 8;
  if (length > HEADER_LIMIT) refuse(`a header of ${length} bytes, expected at most ${HEADER_LIMIT}`);
  const bytes = new Uint8Array(8 + length).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(text, 8);
  return bytes;
}

/** The order of UTF-8 bytes, which is that of code points; UTF-16 units would put 𝛼 before ﬁ. */
function byCodePoint(a: string, b: string): number {
  for (let i = 0; i < a.length && i < b.length; ) {
    const [p, q] = [a.codePointAt(i)!, b.codePointAt(i)!];
    if (p !== q) return p - q;
    i += p > 0xffff ? 2 : 1;
  }
  return a.length - b.length;
}
