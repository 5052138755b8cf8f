import { join } from "node:path";
import type { Images } from "@ddpm/core";
import { imagesName } from "@ddpm/runs/authoring";
import { writeFileAtomic } from "@ddpm/runs/node/authoring";
import type { TrainState } from "@ddpm/trainer";
import { sampleFacts } from "@ddpm/trainer/authoring";
import { ansiPreview, grid, png } from "@ddpm/viz/images";
import { clipRange, symmetric } from "../../drawing/image-range.ts";
import { drawStrip } from "../../drawing/pictures.ts";
import type { Observer, Watched } from "./observer.ts";
import { stepsOf } from "./progress.ts";

/** Draws the way from one fixed noise to images when it is due, and measures the samples against training images. */
export function samples(watched: Watched, training: Images): Observer {
  const { folder, config, reporter } = watched;
  const range = clipRange(config);
  const factsOf = sampleFacts(training, [range.min, range.max]);
  const preview = (images: Images): void =>
    reporter.preview((columns) => ansiPreview(grid(images, { padding: 1, columns: 8 }), { columns }));

  const strip = async (state: TrainState): Promise<void> => {
    const { picture: pixels, samples: drawn } = await drawStrip({
      ...watched,
      state,
      onStep: stepsOf(watched, "drawing samples"),
    });
    const { images } = state;
    const path = join(folder.samples, `${imagesName(images)}.png`);
    const bytes = png(pixels);
    await writeFileAtomic(path, bytes);
    preview(symmetric(drawn, config.data));
    reporter.event({ event: "samples", path, images }, `samples at ${images} images: ${path}`);
    await watched.publish({ images, kind: "samples", path, pixels, png: bytes });
    await watched.log({ images, ...factsOf(drawn) });
  };

  return {
    async due({ what, state }) {
      if (what === "samples") await strip(state);
    },
  };
}
