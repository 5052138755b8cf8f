import type { Autoencoder } from "@ddpm/core/authoring";
import type { Check } from "../check.ts";
import { codebookChecks } from "./codebook-checks.ts";
import { conductChecks } from "./conduct-checks.ts";
import { type AutoencoderSuiteOptions, labOf } from "./lab.ts";
import { parameterChecks } from "./parameter-checks.ts";
import { valueChecks } from "./value-checks.ts";

/**
 * What every {@link Autoencoder} promises, on the active TensorFlow.js backend, which must have gradients.
 * Use: `for (const { name, run } of autoencoderSuite(make)) test(name, run)`.
 *
 * @param make builds the autoencoder; called more than once to see that its parameters keep their names
 */
export function autoencoderSuite(
  make: () => Autoencoder,
  options: AutoencoderSuiteOptions = {},
): readonly Check[] {
  const lab = labOf(make(), options);
  const { codebook } = lab.autoencoder;
  return [
    ...parameterChecks(make, lab, options),
    ...valueChecks(lab),
    ...conductChecks(lab),
    ...(codebook ? codebookChecks(lab, codebook) : []),
  ];
}
