import { fail } from "@ddpm/core";

/**
 * The spec of a family's network by the reference's own configuration, without notes such as `_diffusers_version`.
 *
 * @throws DdpmError for a diffusers model of another class
 */
export function familySpec(
  family: string,
  config: Readonly<Record<string, unknown>>,
): { name: string; [option: string]: unknown } {
  const { _class_name: model = "UNet2DModel" } = config;
  if (family === "diffusers" && model !== "UNet2DModel") {
    fail("exchange/diffusers", `the network is a ${String(model)}, expected a UNet2DModel.`);
  }
  const options = Object.entries(config).filter(([key]) => !key.startsWith("_") && key !== "name");
  return { ...Object.fromEntries(options), name: family };
}
