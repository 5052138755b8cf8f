import type { PublishedSet } from "../published-set.ts";
import { idxFiles } from "./idx-files.ts";

export const mnist: PublishedSet = {
  name: "mnist",
  about: "70,000 grey pictures of handwritten digits, 28×28, in ten classes",
  source: "LeCun, Cortes and Burges 1998",
  licence: "CC BY-SA 3.0",
  files: idxFiles(
    ["https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/"],
    [
      "f68b3c2dcbeaaa9fbdd348bbdeb94873",
      "d53e105ee54ea40749a09fcbcd1e9432",
      "9fb629c4189551a2d022fa330f9573f3",
      "ec29112dd5afa0611ce80d1b7f02629c",
    ],
    [9912422, 28881, 1648877, 4542],
  ),
  proof: "train-images-idx3-ubyte.gz",
};
