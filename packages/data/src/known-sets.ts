/** What is known of a published set from its name alone. */
export interface KnownSet {
  readonly classes: readonly string[];
  /** A mirror image of one means something else. */
  readonly handed: boolean;
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

/**
 * The MNIST family by name: `fashion-mnist` (or `fashion`), `kmnist`, `qmnist` and `mnist`; capitals, dashes and
 * underscores do not matter. A name has to match in full: `my-mnist` is not known, and neither is any other.
 *
 * Source: the data sets' own pages: Xiao et al. 2017, Clanuwat et al. 2018, Yadav and Bottou 2019, LeCun et al. 1998.
 */
export function knownSet(name: string): KnownSet | undefined {
  switch (name.toLowerCase().replaceAll(/[^a-z0-9]/g, "")) {
    case "fashion":
    case "fashionmnist":
      return { classes: fashion, handed: false };
    case "kmnist":
    case "kuzushijimnist":
      return { classes: kuzushiji, handed: true };
    case "mnist":
    case "qmnist":
      return { classes: digits, handed: true };
    default:
      return undefined;
  }
}
