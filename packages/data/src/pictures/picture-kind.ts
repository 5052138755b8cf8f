/** A kind of encoded picture. */
export interface PictureKind {
  /** As people write it: `JPEG`. */
  readonly name: string;
  /** Endings of file names, lower case. */
  readonly endings: readonly string[];
  /** What decodes it: sharp in Node, the browser's own codecs. */
  readonly decodedIn: readonly ("node" | "browser")[];
  /** Whether bytes begin as a file of this kind does; the first 64 are enough. */
  begins(bytes: Uint8Array): boolean;
}

const latin = (bytes: Uint8Array, from: number, to: number): string =>
  String.fromCharCode(...bytes.subarray(from, to));
const begin =
  (...beginnings: readonly (readonly number[] | string)[]) =>
  (bytes: Uint8Array): boolean =>
    beginnings.some((one) =>
      typeof one === "string"
        ? latin(bytes, 0, one.length) === one
        : one.every((byte, i) => bytes[i] === byte),
    );

/** The brands of an ISO base media file. Source: ISO/IEC 14496-12, `ftyp`. */
function brands(bytes: Uint8Array): string[] {
  if (latin(bytes, 4, 8) !== "ftyp") return [];
  const end = Math.min(64, (bytes[2]! << 8) | bytes[3]!);
  const starts = Array.from({ length: Math.max(0, (end - 16) >> 2) }, (_, i) => 16 + 4 * i);
  return [8, ...starts].map((at) => latin(bytes, at, at + 4));
}
const AVIF: readonly string[] = ["avif", "avis"];
const HEIC: readonly string[] = ["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"];

const BOTH: readonly ("node" | "browser")[] = ["node", "browser"];

/**
 * Kinds of pictures by their first bytes and endings, those that can be decoded and those that are only named.
 *
 * Sources: W3C, PNG; ITU-T T.81; RFC 9649 (WebP); GIF89a; AOM, AVIF; ISO/IEC 23008-12 (HEIC); Microsoft, `BITMAPFILEHEADER`;
 * Adobe, TIFF 6.0; ISO/IEC 18181-2 (JPEG XL); ISO/IEC 15444-1 (JPEG 2000); Adobe Photoshop file formats; W3C, SVG.
 */
const pictureKinds: readonly PictureKind[] = [
  {
    name: "PNG",
    endings: ["png", "apng"],
    decodedIn: BOTH,
    begins: begin([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  },
  {
    name: "JPEG",
    endings: ["jpg", "jpeg", "jpe", "jfif", "jif", "jfi", "pjpeg", "pjp"],
    decodedIn: BOTH,
    begins: begin([0xff, 0xd8, 0xff]),
  },
  {
    name: "WebP",
    endings: ["webp"],
    decodedIn: BOTH,
    begins: (bytes) => latin(bytes, 0, 4) === "RIFF" && latin(bytes, 8, 12) === "WEBP",
  },
  { name: "GIF", endings: ["gif"], decodedIn: BOTH, begins: begin("GIF87a", "GIF89a") },
  {
    name: "AVIF",
    endings: ["avif", "avifs"],
    decodedIn: BOTH,
    begins: (bytes) => brands(bytes).some((brand) => AVIF.includes(brand)),
  },
  {
    name: "BMP",
    endings: ["bmp", "dib"],
    decodedIn: BOTH,
    // "BM" alone may begin a text.
    begins: (bytes) => latin(bytes, 0, 2) === "BM" && [12, 40, 52, 56, 64, 108, 124].includes(bytes[14]!),
  },
  {
    name: "TIFF",
    endings: ["tif", "tiff"],
    decodedIn: ["node"],
    begins: begin("II*\0", "MM\0*", "II+\0", "MM\0+"),
  },
  {
    name: "HEIC",
    endings: ["heic", "heif", "hif", "heics", "heifs"],
    decodedIn: [],
    begins: (bytes) => brands(bytes).some((brand) => HEIC.includes(brand)),
  },
  {
    name: "JPEG XL",
    endings: ["jxl"],
    decodedIn: [],
    begins: begin([0xff, 0x0a], [0, 0, 0, 12, 0x4a, 0x58, 0x4c, 0x20]),
  },
  {
    name: "JPEG 2000",
    endings: ["jp2", "j2k", "jpx", "jpf"],
    decodedIn: [],
    begins: begin([0, 0, 0, 12, 0x6a, 0x50, 0x20, 0x20], [0xff, 0x4f, 0xff, 0x51]),
  },
  { name: "Photoshop", endings: ["psd", "psb"], decodedIn: [], begins: begin("8BPS") },
  { name: "SVG", endings: ["svg", "svgz"], decodedIn: [], begins: begin("<svg") },
];

/** Whether a kind is decoded where this code runs. */
export function decodesHere({ decodedIn }: PictureKind): boolean {
  return decodedIn.includes("createImageBitmap" in globalThis ? "browser" : "node");
}

/** The kind that bytes begin as; undefined for none of those known. */
export function kindByContent(bytes: Uint8Array): PictureKind | undefined {
  return pictureKinds.find((kind) => kind.begins(bytes));
}

/** What sites append to an ending: `photo.jpg_large`, `photo.jpg:orig`, `photo.png?width=100`. */
const APPENDED = /\.([a-z0-9]+)(?:[_:-](?:large|medium|small|orig|original|thumb)|[?!].*)?$/i;

/** The kind that a file's name ends as; undefined for none of those known. */
export function kindByEnding(name: string): PictureKind | undefined {
  const ending = APPENDED.exec(name)?.[1]?.toLowerCase();
  return ending === undefined ? undefined : pictureKinds.find(({ endings }) => endings.includes(ending));
}
