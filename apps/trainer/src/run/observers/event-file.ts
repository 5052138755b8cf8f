import { eventFile as openEventFile } from "@ddpm/runs/tensorboard";
import type { Observer, Watched } from "./observer.ts";

/** Numbers and pictures for TensorBoard, in the run's folder. */
export function eventFile({ folder }: Watched): Observer {
  const file = openEventFile(folder.storage);
  return {
    row: (row) => file.row(row, "heldOutLoss" in row ? "held-out" : "saturated" in row ? "samples" : "train"),
    picture: ({ images, kind, pixels, png }) =>
      file.picture(images, kind, { png, width: pixels.width, height: pixels.height }),
    resumeAt: (images) => file.resumeAt(images),
  };
}
