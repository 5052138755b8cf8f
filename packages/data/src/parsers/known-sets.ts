/** What is known of a published set from its name alone. */
export interface KnownSet {
  readonly classes: readonly string[];
  /** A mirror image of one means something else. */
  readonly flippable: boolean;
  /** The files have rows for columns: each picture is turned upright when it is read. */
  readonly transposed?: boolean;
  /** The label of the first class in the files; 0 unless given. */
  readonly firstLabel?: number;
}

const digits = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

const fashion = [
  "T-shirt/top",
  "Trouser",
  "Pullover",
  "Dress",
  "Coat",
  "Sandal",
  "Shirt",
  "Sneaker",
  "Bag",
  "Ankle boot",
];

/** First letters of the ten classes of Kuzushiji-MNIST: o ki su tsu na ha ma ya re wo. */
const kuzushiji = ["お", "き", "す", "つ", "な", "は", "ま", "や", "れ", "を"];

/** Kuzushiji-49 in the order of its classes: the syllables and the iteration mark. */
const kuzushiji49 = [
  ..."あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわゐゑをんゝ",
];

const capitals = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
const small = [..."abcdefghijklmnopqrstuvwxyz"];
/** Small letters that EMNIST keeps apart from their capitals in its merged classes. */
const unmerged = [..."abdefghnqrt"];

function emnist(classes: readonly string[], firstLabel = 0): KnownSet {
  return { classes, flippable: false, transposed: true, firstLabel };
}

/**
 * The MNIST family by name: `fashion-mnist` (or `fashion`), `kmnist`, `k49`, `qmnist`, `xnist`, `mnist`, and `emnist-` with
 * `byclass`, `bymerge`, `balanced`, `letters`, `digits` or `mnist`; capitals, dashes and underscores do not matter. A name
 * has to match in full: `my-mnist` is not known, and neither is any other.
 *
 * Source: the data sets' own pages: Xiao et al. 2017, Clanuwat et al. 2018, Yadav and Bottou 2019, LeCun et al. 1998,
 * Cohen et al. 2017 (table II; its MATLAB order of pixels, and letters counted from 1).
 */
export function knownSet(name: string): KnownSet | undefined {
  switch (name.toLowerCase().replaceAll(/[^a-z0-9]/g, "")) {
    case "fashion":
    case "fashionmnist":
      return { classes: fashion, flippable: true };
    case "kmnist":
    case "kuzushijimnist":
      return { classes: kuzushiji, flippable: false };
    case "k49":
    case "kuzushiji49":
      return { classes: kuzushiji49, flippable: false };
    case "emnistbyclass":
      return emnist([...digits, ...capitals, ...small]);
    case "emnistbymerge":
    case "emnistbalanced":
      return emnist([...digits, ...capitals, ...unmerged]);
    case "emnistletters":
      return emnist(capitals, 1);
    case "emnistdigits":
    case "emnistmnist":
      return emnist(digits);
    case "mnist":
    case "qmnist":
    case "xnist":
      return { classes: digits, flippable: false };
    default:
      return undefined;
  }
}
