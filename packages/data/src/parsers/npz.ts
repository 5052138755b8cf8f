import { fail, isDdpmError } from "@ddpm/core";
import { type Npy, npyLabels, parseNpy } from "./npy.ts";

/**
 * The arrays of pictures and of labels in a `.npz`, distinguished by name, else by their types and shapes, if only one
 * fits.
 *
 * @param path of the file, for messages
 * @throws DdpmError naming the file and its arrays, where none or several fit
 */
export async function npzArrays(
  path: string,
  entries: readonly { readonly name: string; read(): Promise<Uint8Array> }[],
  { images, labels }: { images: string | undefined; labels: string | undefined },
): Promise<{ images: Npy; labels: Npy | undefined; names: readonly [string, string | undefined] }> {
  const arrays = new Map<string, Npy>();
  for (const entry of entries) {
    const name = entry.name.replace(/\.npy$/, "");
    if (name === entry.name) continue;
    const asked = images !== undefined && labels !== undefined;
    if (asked && name !== images && name !== labels) continue;
    const bytes = await entry.read();
    const known = /'descr':\s*'[|<>=]?(?:[ui][1248]|b1|f[48])'/.test(
      new TextDecoder("latin1").decode(bytes.subarray(0, 256)),
    );
    if (known || name === images || name === labels)
      arrays.set(name, parseNpy(bytes, `${path}: ${entry.name}`));
  }
  const chosen = (
    what: string,
    wanted: string | undefined,
    fits: (array: Npy) => boolean,
  ): readonly [string, Npy] | undefined => {
    const found = [...arrays].filter(([name, array]) =>
      wanted === undefined ? fits(array) : name === wanted,
    );
    if (found.length === 1) return found[0]!;
    if (found.length === 0 && wanted === undefined) return undefined;
    const has = [...arrays.keys()].join(", ") || "none";
    return fail(
      "data/npy",
      `${path} has ${found.length} arrays ${wanted ?? `that may be ${what}`}, expected one; of numbers it has ${has}.`,
      `Set ${what} to the name of one.`,
    );
  };
  const pictures = chosen(
    "images",
    images,
    ({ shape, type }) => /u1$/.test(type) && (shape.length === 3 || shape.length === 4),
  );
  if (!pictures)
    return fail(
      "data/npy",
      `${path} has no uint8 array of 3 or 4 axes, expected one of pictures; it has ${arrayList(arrays)}.`,
      "Save the pictures as uint8, 0 to 255.",
    );
  const count = pictures[1].shape[0];
  const fitting = ({ shape, type }: Npy): boolean =>
    shape[0] === count && isLabelShape(shape) && !/f\d$/.test(type);
  const others = ({ shape, data }: Npy): boolean =>
    shape[0] === count && shape.length <= 2 && data.length > 0;
  const whole = [...arrays.values()].some(fitting);
  const numbers = chosen("labels", labels, whole ? fitting : (array) => others(array) && areLabels(array));
  return { images: pictures[1], labels: numbers?.[1], names: [pictures[0], numbers?.[0]] };
}

/** Whether an array of floats or of rows holds labels: whole numbers, or one-hot rows. */
function areLabels(array: Npy): boolean {
  try {
    npyLabels(array, "labels");
    return true;
  } catch (error) {
    if (isDdpmError(error)) return false;
    throw error;
  }
}

function isLabelShape(shape: readonly number[]): boolean {
  return shape.length === 1 || (shape.length === 2 && shape[1] === 1);
}

function arrayList(arrays: ReadonlyMap<string, Npy>): string {
  const all = [...arrays].map(([name, { shape, type }]) => `${name} ${type} [${shape.join(", ")}]`);
  return all.join(", ") || "no arrays of numbers";
}
