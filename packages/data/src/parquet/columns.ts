import { fail } from "@ddpm/core";
import { type FileMetaData, parquetSchema, type SchemaElement, type SchemaTree } from "hyparquet";
import { columnKey } from "../listing/splits/split-column.ts";

/** Which columns hold pictures and labels. */
export interface ParquetColumns {
  readonly image: string;
  /** Names of the pictures' column from the top. */
  readonly path: readonly string[];
  readonly label: string | undefined;
  /** Names of the labels' column from the top; those of a list lead to its values. */
  readonly labelPath: readonly string[] | undefined;
  /** Whether labels are text: a column of strings, enumerations or categories. */
  readonly text: boolean;
  /** Class names of the label column, where the Hugging Face metadata has them. */
  readonly classes: readonly string[] | undefined;
}

/**
 * Finds the columns: pictures are the named column, else `image` or `img`, else the only one with `bytes` inside;
 * labels are the named column, else `label`, `labels` or `fine_label` if there is one: numbers, booleans, text, or one-hot
 * lists of numbers or booleans.
 *
 * @throws DdpmError naming the file and its columns, where none or several fit, or a column of labels of another type
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
        element.type === "BYTE_ARRAY" ||
        element.type === "FIXED_LEN_BYTE_ARRAY" ||
        children.some((child) => child.element.name === "bytes"),
    )
    .map(({ element }) => element.name);
  const nested = top.filter(({ children }) => children.length > 0).map(({ element }) => element.name);
  const guesses = [
    ...named(["image", "img"], pictures).slice(0, 1),
    ...pictures.filter((name) => nested.includes(name)),
  ];
  const image = wanted.image ?? guesses[0];
  if (image === undefined || !pictures.includes(image)) {
    const what =
      wanted.image === undefined ? "no column of pictures" : `no column ${wanted.image} of pictures`;
    const listed = top.filter(({ children }) => children[0]?.element.repetition_type === "REPEATED");
    const lists = listed.map(({ element }) => element.name).join(", ");
    const why = lists && ` Pictures in lists or as lists of numbers (${lists}) are not supported.`;
    fail(
      "data/parquet",
      `${path} has ${what}, its columns are ${all}.${why}`,
      "Set image to the column's name; where the pictures are files next to it, set format to images.",
    );
  }
  const label =
    wanted.label === false ? undefined : (wanted.label ?? named(["label", "labels", "fine_label"], names)[0]);
  const tree = top.find(({ element }) => element.name === label);
  if (label !== undefined && !tree)
    fail("data/parquet", `${path} has no column ${label}, its columns are ${all}.`);
  const inner = nested.includes(image) ? [image, "bytes"] : [image];
  return {
    image,
    path: inner,
    label,
    labelPath: tree && labelPath(tree, path),
    text: tree !== undefined && isText(tree.element),
    classes: label === undefined ? undefined : huggingFaceNames(metadata, label),
  };
}

/** The columns that are called so, in the order of the wanted names; capitals and marks do not count. */
function named(wanted: readonly string[], names: readonly string[]): string[] {
  return wanted.flatMap((one) => names.filter((name) => columnKey(name) === columnKey(one)));
}

const NUMBERS: readonly (string | undefined)[] = ["INT32", "INT64", "FLOAT", "DOUBLE", "BOOLEAN"];

/** Whether a column's values are text: strings, enumerations or categories. */
export function isText({ type, converted_type, logical_type }: SchemaElement): boolean {
  const named = converted_type ?? logical_type?.type ?? "";
  return type === "BYTE_ARRAY" && ["UTF8", "ENUM", "STRING"].includes(named);
}

/** The path of a column of labels: of itself, or of a list's values. */
function labelPath(tree: SchemaTree, path: string): readonly string[] {
  const refuse = (): never =>
    fail(
      "data/parquet",
      `${path}: the column ${tree.element.name} is of a type that is not supported for labels, expected numbers, booleans, text or one-hot lists.`,
      "Set label to another column, or to false.",
    );
  const names = [tree.element.name];
  let at = tree;
  for (; at.children.length > 0; at = at.children[0]!) {
    if (at.children.length > 1) refuse();
    names.push(at.children[0]!.element.name);
  }
  const { element } = at;
  const whole = !["DECIMAL", "DATE", "TIMESTAMP_MILLIS", "TIMESTAMP_MICROS"].includes(
    element.converted_type ?? "",
  );
  if (!(NUMBERS.includes(element.type) && whole) && !(names.length === 1 && isText(element))) refuse();
  return names;
}

/**
 * The names of a column's numbers, where the file's metadata has them.
 *
 * Source: Hugging Face `datasets`, `ClassLabel` in the schema's metadata under the key `huggingface`.
 */
export function huggingFaceNames({ key_value_metadata }: FileMetaData, label: string): string[] | undefined {
  const text = key_value_metadata?.find(({ key }) => key === "huggingface")?.value;
  if (text === undefined) return undefined;
  try {
    const names: unknown = JSON.parse(text)?.info?.features?.[label]?.names;
    return Array.isArray(names) && names.every((name) => typeof name === "string") ? names : undefined;
  } catch {
    return undefined;
  }
}
