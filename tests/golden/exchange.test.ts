import { describe, expect, test } from "vitest";
import type { Spec } from "../../packages/core/src/index.ts";
import { argumentsOf, resolved } from "../../packages/exchange/src/authoring.ts";
import { families } from "../../packages/exchange/src/index.ts";
import { presets } from "../../packages/runs/src/index.ts";
import { denoisers } from "../../packages/unet/src/index.ts";
import { goldenFiles } from "./read-golden.ts";
import { openUnet } from "./unet-case.ts";

/** Exported by name and shape only, and imported again. */
function comeBack(spec: Exclude<Spec, string>): { before: string[]; after: string[]; again: Spec } {
  const family = families.plugins.find(({ networks }) => spec.name in networks)!.name;
  const { spec: again, names } = families.create({ name: family, ...argumentsOf(family, spec, [32, 32]) });
  const tensors = (of: Spec): string[] =>
    denoisers.create(of).specs.map((ours) => `${names(ours).name} [${ours.shape}]`);
  return { before: tensors(spec).sort(), after: tensors(again).sort(), again };
}

test.each([...goldenFiles("unets"), ...goldenFiles("unets-conditional"), ...goldenFiles("unets-1d")])(
  "%s: the reference's arguments follow from the network",
  (file) => {
    const opened = openUnet(file);
    if (typeof opened === "string") throw new Error(opened);
    const { spec } = opened.translated;
    const { before, after, again } = comeBack(spec);
    expect(after).toEqual(before);
    expect(resolved(again)).toEqual(resolved(spec));
  },
);

describe("the network of each preset", () => {
  /** What the corrected networks have and their references lack. */
  const LACKING: Readonly<Record<string, RegExp>> = {
    captions: /takes no context/,
    "cars-corrected": /attentionNorm is false, and the run's is true/,
    "cars-small-corrected": /attentionNorm is false, and the run's is true/,
    "cifar-corrected": /norm is "batch", and the run's is "group"/,
    "hf-annotated-v2-corrected": /multipliesKernels is true/,
    "labml-mnist-corrected": /attentionNorm is false/,
    "labml-celeba-corrected": /attentionNorm is false/,
  };

  const denoising = presets.names.map((name) => presets.create(name)).filter(({ denoiser }) => denoiser);
  test.each(denoising)(
    "$name comes back, or the option that its reference lacks is named",
    ({ name, denoiser }) => {
      const spec = { channels: 3, ...(denoiser as { readonly name: string }) };
      const lacking =
        LACKING[name] ??
        (/^fashion-annotated.*-corrected|^tiny-imagenet-repository-corrected/.test(name)
          ? /unusedSkip is true/
          : /^tiny-imagenet-(faithful|corrected)/.test(name)
            ? /stemKernel is 1/
            : undefined);
      if (lacking) expect(() => comeBack(spec)).toThrow(lacking);
      else {
        const { before, after } = comeBack(spec);
        expect(after).toEqual(before);
      }
    },
  );
});
