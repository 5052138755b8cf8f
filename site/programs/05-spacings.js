// Where the steps of three spacings are.
import { cosine, spacings } from "@ddpm/schedules";
import { lineChart } from "@ddpm/viz/charts";
import { show } from "playground";

const schedule = cosine();
const series = ["trailing", "leading", "karras"].map((name) => {
  const times = Array.from(spacings.create(name).times(20, schedule));
  return { name, x: times.map((_, step) => step), y: times };
});
show(lineChart({ series, x: { name: "step" }, y: { name: "t" } }));
