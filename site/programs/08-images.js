// A seeded, shuffled stream of images.
import { imageStream, shapes } from "@ddpm/data";
import { grid, png } from "@ddpm/viz";
import { show } from "playground";

const stream = imageStream(shapes({ size: 16 }), { seed: 1 });
const batch = await stream.read(0, 32); // images 0 … 31 of an endless stream
show(png(grid(batch, { columns: 8, scale: 3 })));
console.log(Array.from(batch.labels, (label) => stream.classes[label]).join(" "));
