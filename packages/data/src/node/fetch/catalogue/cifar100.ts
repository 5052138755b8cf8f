import type { PublishedSet } from "../published-set.ts";

export const cifar100: PublishedSet = {
  name: "cifar100",
  about: "60,000 colour pictures, 32×32, in a hundred classes, binary version",
  source: "Krizhevsky 2009",
  licence: "none stated",
  files: [
    {
      name: "cifar-100-binary.tar.gz",
      urls: ["https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz"],
      bytes: 168513733,
      checksum: { algorithm: "md5", hex: "03b5dce01913d631647c71ecec9e9cb8" },
    },
  ],
  unpack: { folder: "cifar-100-binary", files: 8, bytes: 184_600_000 },
  proof: "train.bin",
};
