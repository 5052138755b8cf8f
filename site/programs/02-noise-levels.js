// Signal and noise at ten sampling steps.
import { cosine, trailing } from "@ddpm/schedules";

const schedule = cosine({ steps: 1000 });
for (const t of trailing().times(10, schedule)) {
  const { alpha, sigma } = schedule.at(t);
  console.log(`t ${t.toFixed(2)}   signal ${alpha.toFixed(3)}   noise ${sigma.toFixed(3)}`);
}
