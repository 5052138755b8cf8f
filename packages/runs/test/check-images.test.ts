import { denoisers } from "@ddpm/unet";
import { expect, test } from "vitest";
import { checkImages } from "../src/build/check-images.ts";

test("a network for points refuses images and names the networks for images", () => {
  const mlp = denoisers.create({ name: "mlp", channels: 3 });
  expect(() => checkImages(mlp, [16, 16, 3])).toThrow(
    /mlp takes points, .* the images are 16×16\. Choose a network for images: `denoiser=NAME`, one of ho, .*dit\./,
  );
  expect(() => checkImages(mlp, [1, 1, 3])).not.toThrow();
});
