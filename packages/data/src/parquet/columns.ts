import { fail } from "@ddpm/core";
import { type FileMetaData, parquetSchema, type SchemaElement } from "hyparquet";

/** Which columns hold pictures and labels. */
export interface ParquetColumns {
  readonly image: string;
  /** Names of the pictures' column from the top. */
  readonly path: readonly string[];
  readonly label: string | undefined;
  /** Class names of the label column, where the Hugging Face metadata has them. */
  readonly classes: readonly string[] | undefined;
}

/**
 * Finds the columns: pictures are the named column, else `image` or `img`, else the only one with `bytes` inside;
 * labels are the named column of whole numbers, else `label`, `labels` or `fine_label` if there is one.
 *
 * @throws DdpmError naming the file and its columns, where none or several fit
 */
export function parquetColumns(
  path: string,
  metadata: FileMetaData,
  wanted: { image: string | undefined; label: string | false | undefined },
): ParquetColumns {
  const top = parquetSchema(metadata).children;
  const names = top.map(({ element }) => element.name);
  const all = names.join(", ") || "none";
  const pictures = top
    .filter(
      ({ children, element }) =>
        element.type === "BYTE_ARRAY" || children.some((child) => child.element.name === "bytes"),
    )
    .map(({ element }) => element.name);
  const nested = top.filter(({ children }) => children.length > 0).map(({ element }) => element.name);
  const guesses = [
    ...["image", "img"].filter((name) => pictures.includes(name)).slice(0, 1),
    ...pictures.filter((name) => nested.includes(name)),
  ];
  const image = wanted.image ?? guesses[0];
  if (image === undefined || !pictures.includes(image)) {
    const what =
      wanted.image === undefined ? "no column of pictures" : `no column ${wanted.image} of pictures`;
    fail("data/parquet", `${path} has ${what}, its columns are ${all}.`, "Set image to the column's name.");
  }
  const whole = top.filter(({ element }) => isWhole(element)).map(({ element }) => element.name);
  const label =
    wanted.label === false
      ? undefined
      : (wanted.label ?? ["label", "labels", "fine_label"].find((name) => whole.includes(name)));
  if (label !== undefined && !whole.includes(label)) {
    fail("data/parquet", `${path} has no column ${label} of whole numbers, its columns are ${all}.`);
  }
  const inner = nested.includes(image) ? [image, "bytes"] : [image];
  return {
    image,
    path: inner,
    label,
    classes: label === undefined ? undefined : huggingFaceNames(metadata, label),
  };
}

function isWhole({ type }: SchemaElement): boolean {
  return type === "INT32" || type === "INT64";
}

/** Source: Hugging Face `datasets`, `ClassLabel` in the schema's metadata under the key `huggingface`. */
function huggingFaceNames({ key_value_metadata }: FileMetaData, label: string): string[] | undefined {
  const text = key_value_metadata?.find(({ key }) => key === "huggingface")?.value;
  if (text === undefined) return undefined;
  try {
    const names: unknown = JSON.parse(text)?.info?.features?.[label]?.names;
    return Array.isArray(names) && names.every((name) => typeof name === "string") ? names : undefined;
  } catch {
    return undefined;
  }
}
