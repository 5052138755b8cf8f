import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Project } from "../../project.ts";
import { check } from "../consumer.ts";

/** What the programs import. */
export const PACKAGES: readonly string[] = ["ddpm", "@ddpm/schedules", "@ddpm/diffusion", "@ddpm/unet"];

/** A page that trains and samples; nothing in it needs ONNX Runtime to be installed. */
const PAGE = `
import { grid, model, png, sample, shapes, train, useBackend } from "ddpm";
await useBackend("auto");
const trained = await train(model(), shapes({ size: 16 }), { until: 32 });
const picture = new Image();
picture.src = URL.createObjectURL(new Blob([png(grid(await sample(trained, { count: 4, steps: 2 })))]));
document.body.append(picture);
`;
const COSINE = 'import { cosine } from "@ddpm/schedules";\nconsole.log(cosine().at(0.5).alpha);\n';
const SAMPLING = `
import { ddim, denoiseWith, lastOf, samplingLoop } from "@ddpm/diffusion";
import { cosine } from "@ddpm/schedules";
import { ho } from "@ddpm/unet";
console.log(cosine, ddim, denoiseWith, lastOf, samplingLoop, ho);
`;

/** Bytes that a program may take, minified and compressed, next to what is {@link SHARED}. */
const CEILINGS = { cosine: 8_000, sampling: 30_000 } as const;

/** What a page has once, whatever it imports of ours, and is not weighed. */
export const SHARED: readonly string[] = ["@tensorflow/tfjs-core", "zod"];

/** Writes the programs: `page.mjs`, and `cosine.mjs` and `sampling.mjs`, which are weighed. */
export function writePrograms({ write }: Project): void {
  write("page.mjs", PAGE);
  write("cosine.mjs", COSINE);
  write("sampling.mjs", SAMPLING);
}

/** The bytes of the weighed programs in a folder, as a line. @throws where one is over its ceiling */
export function weights({ folder }: Project, out: string): string {
  const seen = Object.entries(CEILINGS).map(([name, ceiling]) => {
    const bytes = gzipSync(readFileSync(join(folder, out, `${name}.js`)), { level: 9 }).length;
    check(bytes > 1_000, `${name} is ${bytes} bytes in ${out}: it was bundled away`);
    check(bytes <= ceiling, `${name} is ${bytes} bytes in ${out}, at most ${ceiling} expected`);
    return `${name} ${(bytes / 1000).toFixed(1)} kB`;
  });
  return seen.join(", ");
}
