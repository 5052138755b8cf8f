// An image on its way into noise.
import { random } from "@ddpm/core";
import { shapes } from "@ddpm/data";
import { cosine } from "@ddpm/schedules";
import { forwardStrip, png } from "@ddpm/viz";
import { show } from "playground";

const { pixels } = await shapes({ size: 32 }).image(4);
const noise = random(0).normals(pixels.length);
const frames = Array.from({ length: 9 }, (_, k) => {
  const { alpha, sigma } = cosine().at(k / 8);
  const data = pixels.map((value, i) => alpha * (value / 127.5 - 1) + sigma * noise[i]);
  return { data: Float32Array.from(data), shape: [1, 32, 32, 3] };
});
show(png(forwardStrip(frames, { scale: 2 })));
