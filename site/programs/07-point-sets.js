// The sets of points that come with the packages.
import { embeddedSets } from "@ddpm/data";
import { scatter } from "playground";

for (const name of ["moons", "spiral", "gaussians", "checkerboard"]) {
  const set = embeddedSets.create({ name, count: 1000 });
  const images = await Promise.all(Array.from({ length: 1000 }, (_, k) => set.image(k)));
  scatter([images.flatMap(({ pixels }) => [...pixels])], name);
}
