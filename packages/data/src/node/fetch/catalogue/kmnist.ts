import type { PublishedSet } from "../published-set.ts";
import { idxFiles } from "./idx-files.ts";

export const kmnist: PublishedSet = {
  name: "kmnist",
  about: "70,000 grey pictures of ten cursive Japanese characters, 28×28",
  source: "Clanuwat et al. 2018, Center for Open Data in the Humanities",
  licence: "CC BY-SA 4.0",
  files: idxFiles(
    ["http://codh.rois.ac.jp/kmnist/dataset/kmnist/"],
    [
      "bdb82020997e1d708af4cf47b453dcf7",
      "e144d726b3acfaa3e44228e80efcd344",
      "5c965bf0a639b31b8f53240b1b52f4d7",
      "7320c461ea6c1c855c0b718fb2a4b134",
    ],
  ),
  proof: "train-images-idx3-ubyte.gz",
};
