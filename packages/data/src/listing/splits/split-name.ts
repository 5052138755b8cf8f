/** The parts that data sets are divided into. */
export type SplitKind = "train" | "validation" | "test";

const WORDS: Readonly<Record<string, SplitKind>> = {
  train: "train",
  training: "train",
  trainval: "train",
  trn: "train",
  val: "validation",
  valid: "validation",
  validation: "validation",
  dev: "validation",
  eval: "validation",
  evaluation: "validation",
  vld: "validation",
  test: "test",
  testing: "test",
  tst: "test",
  t10k: "test",
  holdout: "test",
  heldout: "test",
};

/** Words that say nothing about what is in a folder, so that `training_set` and `train_images` are splits. */
const NEUTRAL: ReadonlySet<string> = new Set(
  "set data dataset images image imgs img photos pictures split partial".split(" "),
);

/**
 * The words of a name, whatever is between them: `test_set`, `testSet` and `testset` are the same two words, `hold-out`
 * and `holdout` the same one.
 */
function wordsOf(name: string): string[] {
  const separate = name.replaceAll(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  const words = (separate.match(/t10k|[a-z]+/g) ?? []).flatMap(compoundOf);
  return words.flatMap((word, i) => {
    if (isHeld(word) && words[i + 1] === "out") return [`${word}out`];
    return word === "out" && isHeld(words[i - 1]) ? [] : [word];
  });
}

/** `testset` as `test` and `set`. */
function compoundOf(word: string): string[] {
  if (Object.hasOwn(WORDS, word)) return [word];
  const last = [...NEUTRAL].find(
    (one) => word.endsWith(one) && Object.hasOwn(WORDS, word.slice(0, -one.length)),
  );
  return last === undefined ? [word] : [word.slice(0, -last.length), last];
}

function isHeld(word: string | undefined): boolean {
  return word === "hold" || word === "held";
}

/**
 * Which split a folder is called after: `train`, `Training`, `training_set`, `train2017`, `val`, `valid`, `validation`,
 * `dev`, `eval`, `test`, `test-images`, `hold-out` …; undefined for a name with any other word in it.
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

/**
 * Whether names are those of splits: all are, or a training one and another are among them, or all have a split's word
 * and one is purely the training one: `Training`, `PublicTest`, `PrivateTest`. Numbers of folds are none.
 */
export function areSplits(names: readonly string[]): boolean {
  const kinds = [...new Set(names)].map(splitOfFolder);
  return kinds.length > 0 && (!kinds.includes(undefined) || areDivided(kinds) || haveSplitWords(names));
}

/** Whether all names have a split's word, one is purely the training one, and there is another split. */
export function haveSplitWords(names: readonly string[]): boolean {
  const kinds = names.map(splitOfFile);
  return (
    !kinds.includes(undefined) && areDivided(kinds) && names.some((name) => splitOfFolder(name) === "train")
  );
}

/** Whether there are a training split and another. */
export function areDivided(kinds: readonly (SplitKind | undefined)[]): boolean {
  const known = new Set(kinds.filter((kind) => kind !== undefined));
  return known.has("train") && known.size > 1;
}
