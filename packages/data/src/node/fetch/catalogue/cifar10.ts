import type { PublishedSet } from "../published-set.ts";

export const cifar10: PublishedSet = {
  name: "cifar10",
  about: "60,000 colour pictures, 32×32, in ten classes, binary version",
  source: "Krizhevsky 2009",
  licence: "none stated",
  files: [
    {
      name: "cifar-10-binary.tar.gz",
      urls: ["https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"],
      bytes: 170052171,
      checksum: { algorithm: "md5", hex: "c32a1d4ab5d03f1284b67883e8d87530" },
    },
  ],
  unpack: { folder: "cifar-10-batches-bin", files: 8, bytes: 184_400_000 },
  proof: "data_batch_1.bin",
};
