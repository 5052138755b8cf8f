import { fail } from "@ddpm/core";
import type { Listing } from "../listing.ts";
import { baseOf } from "../name-form.ts";
import { splitOfFile } from "../splits/split-name.ts";

const ARCHIVE = /\.(zip|tar|gz|tgz|bz2|xz|zst|7z|rar|tbz2|txz)$/i;

/**
 * Refuses what is known and not read: the Python version of CIFAR, an archive within an archive or a folder.
 *
 * @throws DdpmError naming the listing and what to give instead; returns for anything else
 */
export function refuseKnownKinds(listing: Listing): void {
  const python = pythonCifar(listing);
  if (python !== undefined)
    fail(
      "data/cifar",
      `${listing.path} is the Python version of CIFAR-${python}, whose pickles are not read.`,
      `Take the binary version: cifar-${python}-binary.tar.gz, from the same page.`,
    );
  const archives = listing.files.filter(({ name }) => ARCHIVE.test(name));
  const inner = archives.find(({ name }) => splitOfFile(baseOf(name)) === "train") ?? archives[0];
  if (!inner || listing.kind === "file") return;
  const packed = listing.kind === "archive";
  fail(
    packed ? "data/archive" : "data/open",
    packed
      ? `${listing.path} holds another archive, ${inner.name}, and no images; an archive within an archive is not read.`
      : `${listing.path} holds an archive, ${inner.name}, and no images.`,
    packed
      ? `Unpack it, and give ${baseOf(inner.name)} itself.`
      : `Give the archive itself: ${listing.called(inner)}.`,
  );
}

/** By the files' names, as published; CIFAR-100 has no other name than its folder's. */
function pythonCifar({ files, path, kind }: Listing): 10 | 100 | undefined {
  const names = new Set(files.map(({ name }) => baseOf(name)));
  if (files.some(({ name }) => /^(data_batch_\d+|batches\.meta)$/.test(baseOf(name)))) return 10;
  if (kind === "file") return undefined;
  const hundred = ["train", "test", "meta"].every((name) => names.has(name));
  const named = [path, ...files.map(({ name }) => name)].some((name) => /cifar-100-python/i.test(name));
  return hundred || (named && (names.has("train") || names.has("test"))) ? 100 : undefined;
}
