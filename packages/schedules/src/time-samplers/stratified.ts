import { option, type Plugin, type TimeSampler } from "@ddpm/core";
import { plugin } from "../plugin.ts";
import { drawEach, timeOfUniform } from "./draw.ts";

/** Options of {@link stratified}. */
export interface StratifiedOptions {
  /**
   * `shared`: one random offset per update, so that times are evenly spread (Kingma et al.); `own`: each image
   * draws its own place in its stratum. `shared`.
   */
  readonly offset?: "shared" | "own" | undefined;
}

/**
 * The images of one update share (0, 1] out among them: image j of B gets a time from the j-th of B equal strata, so
 * that the loss varies less. Every image's time is uniform on its own.
 *
 * Source: Kingma et al. 2021, appendix I.1.
 */
export const stratified: Plugin<StratifiedOptions, TimeSampler> = plugin({
  name: "stratified",
  about: "The images of an update share the times out evenly among them.",
  source: "Kingma et al. 2021, appendix I.1",
  options: {
    offset: option
      .choice(["shared", "own"])
      .default("shared")
      .describe("one offset per update, or one per image"),
  },
  create: ({ offset }) => ({
    name: "stratified",
    draw(images, random, schedule) {
      const shift = (update: number) => random.fork("update").fork(update).uniform();
      return drawEach(images, random, (own, image) => {
        const update = Math.floor(image / images.batch);
        const place = image % images.batch;
        const u =
          offset === "own"
            ? (place + own.uniform()) / images.batch
            : (place / images.batch + shift(update)) % 1;
        return timeOfUniform(Math.min(u, 1 - 2 ** -53), schedule);
      });
    },
  }),
});
