import { fail } from "@ddpm/core";
import type { Sample } from "../archive/samples.ts";
import { limiter } from "../bytes/limiter.ts";
import { captionOf } from "../captions/caption-list.ts";
import { type CaptionChoice, captionColumns, captionsInFiles } from "../captions/caption-option.ts";
import { type FileLabels, labelsFrom, labelText } from "../labels/label-list.ts";
import type { Listing } from "../listing/listing.ts";
import { columnKey, isSplitColumn, presentValue, SPLIT_COLUMNS } from "../listing/splits/split-column.ts";

/** A sample, and the shard that holds it. */
type SampleOfShard = Sample & { readonly shard: { readonly listing: Pick<Listing, "path"> } };

/** Labels of samples, and the ending of the files that they are from. */
export interface SampleLabels extends FileLabels {
  readonly ending: string;
}

/** Largest label where no class names tell how many classes there are. */
const MOST = 100_000;
/** Most bytes of a file with a label. */
const LABEL_BYTES = 2 ** 20;

/**
 * The split that a field of its `.json` gives each sample, [N]: the first of `SPLIT_COLUMNS` whose values are names of
 * splits.
 *
 * @param label the field of labels, which is none of splits
 * @returns undefined where there is no such field
 */
export async function sampleSplits(
  samples: readonly Sample[],
  label: string | false | undefined,
): Promise<readonly (string | undefined)[] | undefined> {
  if (!samples.some(({ about }) => about.has("json"))) return undefined;
  const fields = (await textsOf(samples, "json")).map((text) => fieldsOf(text));
  for (const column of SPLIT_COLUMNS) {
    const values = fields.map((object) => {
      const name = Object.keys(object).find((key) => key !== label && columnKey(key) === column);
      const value = name === undefined ? undefined : object[name];
      return typeof value === "string" ? presentValue(value) : undefined;
    });
    if (isSplitColumn(values)) return values;
  }
  return undefined;
}

/**
 * The labels of samples: whole numbers, or names of classes, in `.cls` or in a field of `.json`.
 *
 * @param place what messages call all samples
 * @param wanted the field, or `cls`; the class names by label, where they are known
 * @returns undefined where samples have none
 * @throws DdpmError naming a sample whose label is missing, no class, or beyond the class names
 */
export async function sampleLabels(
  place: string,
  samples: readonly SampleOfShard[],
  wanted: {
    readonly label: string | false | undefined;
    readonly classNames: readonly string[] | undefined;
  },
): Promise<SampleLabels | undefined> {
  const { label, classNames } = wanted;
  if (label === false) return undefined;
  const has = (ending: string): boolean => samples.some(({ about }) => about.has(ending));
  const by = label ?? (has("cls") ? "cls" : "label");
  const ending = by === "cls" ? "cls" : "json";
  if (label === undefined && !has(ending)) return undefined;
  const texts = await textsOf(samples, ending);
  const refuse = (index: number): never => {
    const { shard, key } = samples[index]!;
    return fail(
      "data/webdataset",
      `${shard.listing.path}: ${key} has no ${by === "cls" ? "file .cls" : `field ${by} in its .json`} with a whole number or a class.`,
      label === undefined ? "Set label to the field that holds it, or to false." : undefined,
    );
  };
  const given = texts.map((text, i) =>
    presentValue(by === "cls" ? text : labelText(fieldsOf(text)[by], () => refuse(i))),
  );
  // JSON files of which none has the usual field are about other things than labels.
  if (label === undefined && by === "label" && given.every((one) => one === undefined)) return undefined;
  const found = labelsFrom(
    given.map((one, i) => one ?? refuse(i)),
    refuse,
  );
  return { ...withNames(found, classNames, place), ending };
}

/** Captions of samples, and the ending of the files that they are from. */
export interface SampleCaptions {
  /** [N] */
  readonly captions: readonly string[];
  readonly ending: string;
}

/**
 * The captions of samples: `.txt` files where there are some, or a field of `.json`.
 *
 * @throws DdpmError naming a sample without a caption
 */
export async function sampleCaptions(
  samples: readonly SampleOfShard[],
  choice: Exclude<CaptionChoice, false>,
): Promise<SampleCaptions> {
  const inFiles =
    captionsInFiles(choice) && (choice === "txt" || samples.some(({ about }) => about.has("txt")));
  const ending = inFiles ? "txt" : "json";
  const texts = await textsOf(samples, ending);
  const columns = captionColumns(choice).map(columnKey);
  const captions = texts.map((text, i) => {
    const refuse = (): never => {
      const { shard, key } = samples[i]!;
      return fail(
        "data/webdataset",
        `${shard.listing.path}: ${key} has no caption in ${inFiles ? "a file .txt" : `a field ${columns.join(" or ")} of its .json`}.`,
        "Set captions to the field that holds it, to txt, or to false.",
      );
    };
    if (inFiles) return captionOf(text, refuse) ?? refuse();
    const fields = new Map(Object.entries(fieldsOf(text)).map(([name, value]) => [columnKey(name), value]));
    const column = columns.find((name) => fields.has(name));
    return (column === undefined ? undefined : captionOf(fields.get(column), refuse)) ?? refuse();
  });
  return { captions, ending };
}

/** Numbers take the names by their value, words must be among the names. */
function withNames(found: FileLabels, names: readonly string[] | undefined, place: string): FileLabels {
  const limit = names?.length ?? MOST;
  const numbers = found.classes.every((name, label) => name === String(label));
  const labels = numbers || !names ? found.labels : found.labels.map((k) => names.indexOf(found.classes[k]!));
  const wrong = labels.findIndex((label) => label < 0 || label >= limit);
  if (wrong >= 0) {
    const own = found.classes[found.labels[wrong]!];
    const expected = numbers ? `0 to ${limit - 1}` : `one of ${names?.join(", ")}`;
    fail("data/webdataset", `${place}: label ${own}, expected ${expected}.`);
  }
  return { classes: names ?? found.classes, labels };
}

/** The samples' files of an ending as text, [N]; empty where there is none, or one that is no text or too long. */
function textsOf(samples: readonly Sample[], ending: string): Promise<string[]> {
  const limited = limiter(16);
  const decoder = new TextDecoder("utf-8", { fatal: true });
  return Promise.all(
    samples.map(({ about }) =>
      limited(async () => {
        const file = about.get(ending);
        if (!file || file.size >= LABEL_BYTES) return "";
        const bytes = await file.bytes();
        try {
          return decoder.decode(bytes);
        } catch {
          return "";
        }
      }),
    ),
  );
}

function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(text);
    return json !== null && typeof json === "object" ? (json as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
