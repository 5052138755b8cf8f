import { fail } from "@ddpm/core";
import { nearest } from "@ddpm/core/authoring";
import { cifar10 } from "./catalogue/cifar10.ts";
import { cifar100 } from "./catalogue/cifar100.ts";
import { fashionMnist } from "./catalogue/fashion-mnist.ts";
import { kmnist } from "./catalogue/kmnist.ts";
import { mnist } from "./catalogue/mnist.ts";
import { tinyImagenet } from "./catalogue/tiny-imagenet.ts";
import type { PublishedSet } from "./published-set.ts";

/** Every data set that can be fetched by name. */
export const publishedSets: readonly PublishedSet[] = [
  fashionMnist,
  mnist,
  kmnist,
  cifar10,
  cifar100,
  tinyImagenet,
];

/** @throws DdpmError for an unknown name, with the nearest one */
export function publishedSet(name: string): PublishedSet {
  const names = publishedSets.map((set) => set.name);
  return (
    publishedSets.find((set) => set.name === name) ??
    fail(
      "data/fetch",
      `unknown data set "${name}": expected one of ${names.join(", ")}.`,
      nearest(name, names),
    )
  );
}
