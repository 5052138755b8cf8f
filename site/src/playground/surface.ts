import { readSafetensors, toTensors } from "@ddpm/weights";
import { model, type TrainedModel } from "ddpm";
import fashionConfig from "../../../apps/studio/src/model/shipped/fashion.config.json";
import fashionWeights from "../../../apps/studio/src/model/shipped/fashion.weights?url";
import shapesConfig from "../../../apps/studio/src/model/shipped/shapes.config.json";
import shapesWeights from "../../../apps/studio/src/model/shipped/shapes.weights?url";
import { unpacked } from "../../../apps/studio/src/model/shipped/unpack.ts";
import type { Output } from "./protocol.ts";

/** Sends something to the page. */
let send: (output: Output) => void = () => {};

/** Says where {@link show} and {@link scatter} send their pictures. */
export function showIn(target: (output: Output) => void): void {
  send = target;
}

/**
 * Shows a picture on the page.
 *
 * @param picture an SVG text, or the bytes of a PNG or GIF
 */
export function show(picture: string | Uint8Array, caption = ""): void {
  if (typeof picture === "string") send({ type: "picture", mime: "image/svg+xml", data: picture, caption });
  else {
    const mime = picture[0] === 0x47 ? "image/gif" : "image/png";
    send({ type: "picture", mime, data: Uint8Array.from(picture), caption });
  }
}

/** Half of the side of the plane that {@link scatter} shows. */
const EXTENT = 1.6;
const COLOURS = ["#0072b2", "#d55e00"];

/**
 * Shows sets of points in the plane, each in a colour of its own.
 *
 * @param sets each x, y, x, y …
 */
export function scatter(sets: readonly ArrayLike<number>[], caption = ""): void {
  const dots = sets.flatMap((set, k) =>
    Array.from({ length: set.length / 2 }, (_, i) => {
      const [x, y] = [set[2 * i]!, -set[2 * i + 1]!];
      return `<circle cx="${x.toFixed(3)}" cy="${y.toFixed(3)}" r="0.015" fill="${COLOURS[k % 2]}"/>`;
    }),
  );
  const box = `${-EXTENT} ${-EXTENT} ${2 * EXTENT} ${2 * EXTENT}`;
  const frame = `<rect x="${-EXTENT}" y="${-EXTENT}" width="100%" height="100%" fill="#ffffff"/>`;
  show(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box}" width="360" height="360">${frame}${dots.join("")}</svg>`,
    caption,
  );
}

const shipped = {
  shapes: {
    config: shapesConfig,
    weights: shapesWeights,
    shape: [16, 16, 3],
    classes: ["disc", "square", "triangle", "star", "ring", "cross"],
  },
  fashion: { config: fashionConfig, weights: fashionWeights, shape: [28, 28, 1], classes: [] },
} as const;

/** A model that comes with the site: coloured shapes with six classes, or Fashion-MNIST. */
export async function shippedModel(name: keyof typeof shipped): Promise<TrainedModel> {
  const { config, weights, shape, classes } = shipped[name];
  const { denoiser, schedule, parameterization } = config;
  const response = await fetch(weights);
  const { tensors } = readSafetensors(await unpacked(response.body!));
  return {
    ...model({ denoiser, schedule, parameterization }),
    ...{ params: toTensors(tensors) as TrainedModel["params"], shape, classes },
  };
}
