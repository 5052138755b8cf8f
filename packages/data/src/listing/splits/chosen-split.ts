import { fail } from "@ddpm/core";
import { type NotUsed, summed } from "../../datasets/not-used.ts";
import type { Listing } from "../listing.ts";
import { isSplit, type SplitKind, splitOfFile, splitOfFolder } from "./split-name.ts";

/**
 * One of several splits: the wanted one, else the training one.
 *
 * @param kindOf which split each of the names is
 * @throws DdpmError naming the listing and its splits, where none is meant or several are
 */
export function pick(
  listing: Listing,
  names: readonly string[],
  wanted: string | undefined,
  kindOf: (name: string) => SplitKind | undefined,
): string {
  const exact = names.filter((name) => name.toLowerCase() === (wanted ?? "train").toLowerCase());
  const like = (kind: typeof kindOf): string[] =>
    names.filter((name) => isSplit(name, wanted ?? "train", kind));
  const pure = exact.length > 0 ? exact : like(splitOfFolder);
  const same = pure.length > 0 ? pure : like(kindOf);
  if (same.length === 1) return same[0]!;
  if (same.length === 0) return noSplit(listing, wanted, names);
  return fail(
    "data/chosen-split",
    `${listing.path} has ${same.length} splits for ${wanted ?? "training"}: ${same.join(", ")}.`,
    "Set split to one of them.",
  );
}

/** Refuses a split that is not there. */
export function noSplit(listing: Listing, wanted: string | undefined, has: readonly string[]): never {
  return fail(
    "data/chosen-split",
    `${listing.path} has no split ${wanted ?? "train"}, it has ${has.join(", ") || "no splits"}.`,
    has.length > 0 ? `Set split to choose one: split=${has[0]}.` : "Leave split out.",
  );
}

/** The rows of a list, a table or a shard that belong to one split. */
export interface ChosenRows {
  /** In lower case, where a column gives it; undefined where there are no splits. */
  readonly split: string | undefined;
  keeps(row: number): boolean;
  /** The others, by their split. */
  readonly left: readonly NotUsed[];
}

/**
 * The rows of one split, by the split that a column gives each row; all rows where folders or names have divided
 * already, or nothing does.
 *
 * @param divided the split that folders or names have given
 * @param splits as they are written, [N]; capitals do not count
 * @throws DdpmError naming the listing and its splits, as {@link divide} does
 */
export function chosenRows(
  listing: Listing,
  divided: string | undefined,
  splits: readonly (string | undefined)[] | undefined,
  wanted: string | undefined,
): ChosenRows {
  if (divided !== undefined || !splits) {
    if (divided === undefined && wanted !== undefined) noSplit(listing, wanted, []);
    return { split: divided, keeps: () => true, left: [] };
  }
  const lower = splits.map((split) => split?.toLowerCase());
  // Words are found by their capitals: `PublicTest`.
  const written = new Map(splits.map((split) => [split?.toLowerCase(), split]));
  const has = [...written.values()].filter((split) => split !== undefined);
  // `test.parquet` whose rows are all of the split test means that one.
  const kinds = has.map(splitOfFolder);
  const own = splitOfFile(listing.name);
  const meant = kinds.includes("train") || !kinds.includes(own) ? undefined : own;
  const split = pick(listing, has, wanted ?? meant, splitOfFile).toLowerCase();
  const others = lower.filter((one) => one !== split);
  return {
    split,
    keeps: (row) => lower[row] === split,
    left: summed(
      others.map((one) =>
        one === undefined
          ? { what: "images without a split", count: 1, reason: `not in the split ${split}` }
          : { what: one, count: 1, reason: `another split; ${split} is opened` },
      ),
    ),
  };
}
