/** The parts that data sets are divided into. */
export type SplitKind = "train" | "validation" | "test";

const WORDS: Readonly<Record<string, SplitKind>> = {
  train: "train",
  training: "train",
  trainset: "train",
  trainval: "train",
  val: "validation",
  valid: "validation",
  validation: "validation",
  valset: "validation",
  dev: "validation",
  eval: "validation",
  evaluation: "validation",
  test: "test",
  testing: "test",
  testset: "test",
  t10k: "test",
};

/** Words that say nothing about what is in a folder, so that `training_set` and `train_images` are splits. */
const NEUTRAL: ReadonlySet<string> = new Set(
  "set data dataset images image imgs img photos pictures split partial".split(" "),
);

function wordsOf(name: string): string[] {
  const apart = name.replaceAll(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return apart.match(/t10k|[a-z]+/g) ?? [];
}

/**
 * Which split a folder is called after: `train`, `Training`, `training_set`, `train2017`, `val`, `valid`, `validation`,
 * `dev`, `eval`, `test`, `test-images` …; undefined for a name with any other word in it.
 */
export function splitOfFolder(name: string): SplitKind | undefined {
  const words = wordsOf(name);
  if (!words.every((word) => Object.hasOwn(WORDS, word) || NEUTRAL.has(word))) return undefined;
  const kinds = new Set(words.flatMap((word) => WORDS[word] ?? []));
  return kinds.size === 1 ? [...kinds][0] : undefined;
}

/**
 * Which split a file's or an array's name has as a word: `train-00000-of-00001.parquet`, `images_train.npy`,
 * `x_test`; undefined where there is none, or more than one.
 */
export function splitOfFile(name: string): SplitKind | undefined {
  const kinds = new Set(wordsOf(name).flatMap((word) => (Object.hasOwn(WORDS, word) ? WORDS[word]! : [])));
  return kinds.size === 1 ? [...kinds][0] : undefined;
}

/** The words of a name next to the one of its split: `seg` of `seg_test`, `a` of `trainA`. */
export function restOfSplit(name: string): string {
  return wordsOf(name)
    .filter((word) => !Object.hasOwn(WORDS, word) && !NEUTRAL.has(word))
    .join(" ");
}

/** Which split a picture's name begins with: `train_0001.png`. */
export function splitOfPicture(name: string): SplitKind | undefined {
  const [first = ""] = wordsOf(name);
  return Object.hasOwn(WORDS, first) ? WORDS[first] : undefined;
}

/** Whether a folder or file is the split that was asked for: of that very name, else of the same kind. */
export function isSplit(
  name: string,
  wanted: string,
  kindOf: (name: string) => SplitKind | undefined,
): boolean {
  if (name.toLowerCase() === wanted.toLowerCase()) return true;
  const kind = splitOfFolder(wanted);
  return kind !== undefined && kindOf(name) === kind;
}
