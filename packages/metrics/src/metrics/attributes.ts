import type { Plugin } from "@ddpm/core";
import type { CaptionAttribute } from "@ddpm/core/authoring";
import { type Metric, metric } from "../measure/metric.ts";
import { ratioEstimate, type Subject, shareEstimate } from "../statistics/estimate.ts";

export const attributes: Plugin<Record<never, never>, Metric> = metric({
  name: "attributes",
  label: "attributes of the caption",
  better: "higher",
  needs: ["attributes"],
  about: "Share of a caption's attributes that the image shows, by kind; for sets with a detector.",
  source: "Huang et al. 2023, T2I-CompBench, with an exact detector",
  options: {},
  compute({ attributes: images }) {
    const subject: Subject = { metric: "attributes", count: images.length, of: "captions" };
    const shown = (one: readonly CaptionAttribute[]) => one.filter((attribute) => attribute.shown).length;
    const share = (kind?: string) => {
      const own = images.map((one) => (kind ? one.filter((attribute) => attribute.kind === kind) : one));
      const counts = own.map((one) => one.length);
      return ratioEstimate(
        { ...subject, count: counts.filter((count) => count > 0).length },
        own.map(shown),
        counts,
      );
    };
    const kinds = [...new Set(images.flat().map(({ kind }) => kind))];
    const whole = images.filter((one) => shown(one) === one.length).length;
    const perImage = images.flat().length / images.length;
    return {
      contributions: Float64Array.from(images, (one) => shown(one) / perImage),
      estimate: share(),
      details: [
        ...kinds.map((kind) => ({ label: kind, estimate: share(kind) })),
        {
          label: "images that show the whole caption",
          estimate: shareEstimate(subject, whole, images.length),
        },
      ],
    };
  },
});
