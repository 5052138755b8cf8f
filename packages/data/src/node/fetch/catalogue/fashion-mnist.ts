import type { PublishedSet } from "../published-set.ts";
import { idxFiles } from "./idx-files.ts";

export const fashionMnist: PublishedSet = {
  name: "fashion-mnist",
  about: "70,000 grey pictures of clothes, 28×28, in ten classes",
  source: "Xiao, Rasul and Vollgraf 2017, Zalando Research",
  licence: "MIT",
  files: idxFiles(
    [
      "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
      "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
    ],
    [
      "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
      "25c81989df183df01b3e8a0aad5dffbe",
      "bef4ecab320f06d8554ea6380940ec79",
      "bb300cfdad3c16e7a12a480ee83cd310",
    ],
    [26421880, 29515, 4422102, 5148],
  ),
  proof: "train-images-idx3-ubyte.gz",
};
