import { type Denoiser, fail, random } from "@ddpm/core";
import { conditions } from "@ddpm/diffusion";
import type { ImageCondition } from "@ddpm/diffusion/authoring";
import { denoisers } from "@ddpm/unet";

/**
 * Checks that a network takes images of this shape, and the condition images that are made of them.
 *
 * @throws DdpmError naming the nearest sizes that fit
 */
export function checkImages(
  denoiser: Denoiser,
  shape: readonly [number, number, number],
  condition?: ImageCondition,
): void {
  const { name, channels, multiple, size } = denoiser;
  const [height, width, depth] = shape;
  checkForImages(denoiser, height, width);
  checkCondition(denoiser, shape, condition);
  if (depth !== channels) {
    fail(
      "runs/check-images",
      `the images have ${depth} channels, and ${name} was built for ${channels}.`,
      `Use \`data.channels=${channels}\` or \`denoiser.channels=${depth}\`.`,
    );
  }
  if (size && (size[0] !== height || size[1] !== width)) {
    fail(
      "runs/check-images",
      `the images are ${height}×${width}, and ${name} is tied to ${size[0]}×${size[1]}.`,
      `Use \`data.size=${size[0]}\`.`,
    );
  }
  if (height % multiple === 0 && width % multiple === 0) return;
  const near = (length: number): string => {
    const below = Math.floor(length / multiple) * multiple;
    return [below, below + multiple].filter((fits) => fits > 0).join(" or ");
  };
  fail(
    "runs/check-images",
    `${name} halves images down to a ${multiple}th, which ${height}×${width} does not allow.`,
    `The nearest sizes: ${near(height)} by ${near(width)}; for example \`data.size=[${[height, width].map((length) => Math.ceil(length / multiple) * multiple).join(",")}]\`.`,
  );
}

/** Refuses images where the network is for other samples: another size of image would be no cure. */
function checkForImages(denoiser: Denoiser, height: number, width: number): void {
  if (isForImages(denoiser) || (isForPoints(denoiser) && height === 1 && width === 1)) return;
  const others = denoisers.plugins.filter((plugin) => isForImages(plugin())).map(({ name }) => name);
  const { name, axes } = denoiser;
  const taken = isForPoints(denoiser)
    ? "points, images of 1×1 pixels"
    : `samples with ${axes} ${axes === 1 ? "axis" : "axes"} between batch and channels`;
  fail(
    "runs/check-images",
    `${name} takes ${taken}, and the images are ${height}×${width}.`,
    `Choose a network for images: \`denoiser=NAME\`, one of ${others.join(", ")}.`,
  );
}

/** Whether a network is for points: images of one pixel. */
function isForPoints({ axes, size }: Denoiser): boolean {
  return axes === 2 && size?.[0] === 1 && size[1] === 1;
}

function isForImages(denoiser: Denoiser): boolean {
  return denoiser.axes === 2 && !isForPoints(denoiser);
}

function checkCondition(
  { name, imageChannels }: Denoiser,
  [height, width, channels]: readonly [number, number, number],
  condition: ImageCondition | undefined,
): void {
  if (!condition && !imageChannels) return;
  if (!condition) {
    fail(
      "runs/check-images",
      `${name} is conditioned on an image of ${imageChannels} channels, and nothing makes it.`,
      `Choose what does: \`condition=NAME\`, one of ${conditions.names.join(", ")}.`,
    );
  }
  if (!imageChannels) {
    const able = denoisers.plugins.filter(({ schema }) => "imageChannels" in schema.shape);
    const names = able.map((one) => one.name).join(", ");
    fail(
      "runs/check-images",
      `${name} takes no condition image, which ${condition.name} makes.`,
      `Networks that do: ${names}.`,
    );
  }
  const blank = new Float32Array(height * width * channels);
  const source = { image: blank, shape: [height, width, channels] } as const;
  const made = condition.make(source, [height, width], random(0)).length / (height * width);
  if (made === imageChannels) return;
  fail(
    "runs/check-images",
    `${condition.name} makes ${made} channels of ${channels}, and ${name} was built for ${imageChannels}.`,
    `Use \`denoiser.imageChannels=${made}\`.`,
  );
}
