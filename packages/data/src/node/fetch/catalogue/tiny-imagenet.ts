import type { PublishedSet } from "../published-set.ts";

export const tinyImagenet: PublishedSet = {
  name: "tiny-imagenet",
  about: "120,000 colour pictures, 64×64, in two hundred classes",
  source: "Stanford CS231n",
  licence: "none stated",
  files: [
    {
      name: "tiny-imagenet-200.zip",
      urls: ["http://cs231n.stanford.edu/tiny-imagenet-200.zip"],
      bytes: 248100043,
      checksum: { algorithm: "md5", hex: "90528d7ca1a48142e341f4ef8d21d0de" },
    },
  ],
  unpack: { folder: "tiny-imagenet-200", files: 121_000, bytes: 1_000_000_000 },
  proof: "wnids.txt",
};
