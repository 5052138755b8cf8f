// Your own schedule: a list of betas.
import { cosine } from "@ddpm/schedules";
import { betaTable } from "@ddpm/schedules/authoring";
import { lineChart } from "@ddpm/viz/charts";
import { show } from "playground";

const betas = Array.from({ length: 500 }, (_, step) => 0.08 * ((step + 1) / 500) ** 3);
const cubic = betaTable("cubic", betas);
const t = Array.from({ length: 101 }, (_, k) => k / 100);
const series = [cubic, cosine()].map((schedule) => ({
  name: schedule.name,
  x: t,
  y: t.map((time) => schedule.at(time).alpha ** 2),
}));
show(lineChart({ series, x: { name: "t" }, y: { name: "signal power" } }));
