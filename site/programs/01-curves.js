// Curves of three noise schedules.
import { schedules } from "@ddpm/schedules";
import { lineChart } from "@ddpm/viz/charts";
import { show } from "playground";

const t = Array.from({ length: 101 }, (_, k) => k / 100);
const series = ["linear", "cosine", "sigmoid"].map((name) => {
  const schedule = schedules.create(name);
  return { name, x: t, y: t.map((time) => schedule.at(time).alpha ** 2) };
});
show(lineChart({ series, x: { name: "t" }, y: { name: "signal power" } }));
