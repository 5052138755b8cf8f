// One image of each class.
import { grid, png, sample, useBackend } from "ddpm";
import { shippedModel, show } from "playground";

await useBackend("auto");
const shapes = await shippedModel("shapes");
const images = await sample(shapes, { count: 6, label: shapes.classes, guidance: 2, steps: 12 });
show(png(grid(images, { columns: 6, scale: 4 })), shapes.classes.join(", "));
