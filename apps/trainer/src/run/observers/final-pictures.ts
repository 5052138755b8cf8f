import { join } from "node:path";
import type { Images } from "@ddpm/core";
import { writeFileAtomic } from "@ddpm/runs/node/authoring";
import { ansiPreview, gif, grid, type Pixels, png, stages } from "@ddpm/viz/images";
import { drawStages, enlargement } from "../../drawing/pictures.ts";
import type { Observer, Watched } from "./observer.ts";
import { stepsOf } from "./progress.ts";

/** Stages of the film, and how long each is seen. */
const STAGES = 30;
const DELAY_MS = 90;

/**
 * When training is complete: a grid of samples (`final.png`), the same images half-way (`middle.png`), and the film of
 * how they came to be (`final.gif`).
 */
export function finalPictures(watched: Watched): Observer {
  const { folder, config, reporter } = watched;
  return {
    async finish(state) {
      const { steps } = config.sample;
      const middle = Math.ceil(steps / 2);
      const film = stages(steps, Math.min(STAGES, steps)).map((i) => i + 1);
      const drawn = await drawStages(
        { ...watched, state, onStep: stepsOf(watched, "drawing the last samples") },
        new Set([...film, middle]),
      );
      const scale = enlargement(drawn.images.shape);
      const inGrid = (images: Images): Pixels =>
        grid(images, drawn.columns ? { scale, columns: drawn.columns } : { scale });
      const pixels = inGrid(drawn.images);
      const bytes = png(pixels);
      const { images } = state;
      const half = drawn.stages.get(middle) ?? drawn.images;
      await writeFileAtomic(join(folder.samples, "middle.png"), png(inGrid(half)));
      const frames = film.flatMap((step) => drawn.stages.get(step) ?? []);
      await writeFileAtomic(
        join(folder.samples, "final.gif"),
        gif([...frames.map(inGrid), pixels], { delayMs: DELAY_MS }),
      );
      await writeFileAtomic(folder.finalGrid, bytes);
      reporter.preview((columns) => ansiPreview(grid(drawn.images, { padding: 1, columns: 8 }), { columns }));
      const what = drawn.columns ? "conditions, samples and originals" : `${drawn.images.shape[0]} samples`;
      reporter.event({ event: "samples", path: folder.finalGrid, images }, `${what}: ${folder.finalGrid}`);
      await watched.publish({ images, kind: "final", path: folder.finalGrid, pixels, png: bytes });
    },
  };
}
