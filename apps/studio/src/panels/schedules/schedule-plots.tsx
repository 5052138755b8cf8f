import type { NoiseSchedule } from "@ddpm/core";
import { type Curve, Plot } from "../../ui/plot/plot.tsx";
import { abarCurve, betaCurve, logSnrCurve } from "./curves.ts";

/** A schedule to draw. */
export interface DrawnSchedule {
  readonly label: string;
  readonly schedule: NoiseSchedule;
  readonly colour: number;
}

/** ᾱ, log-SNR and β of all schedules over t. */
export function SchedulePlots({ drawn }: { readonly drawn: readonly DrawnSchedule[] }) {
  const curves = (curveOf: (...of: [string, NoiseSchedule, number]) => Curve | undefined): Curve[] =>
    drawn.flatMap(({ label, schedule, colour }) => curveOf(label, schedule, colour) ?? []);
  const common = { xLabel: "t", x: [0, 1] } as const;
  return (
    <>
      <div class="card">
        <Plot
          {...common}
          title="ᾱ: share of signal power that is left"
          y={[0, 1]}
          curves={curves(abarCurve)}
        />
      </div>
      <div class="card">
        <Plot {...common} title="log-SNR: ln(α² / σ²)" y={[-16, 16]} curves={curves(logSnrCurve)} />
      </div>
      <div class="card">
        <Plot {...common} title="β: variance added by a step (logarithmic)" logY curves={curves(betaCurve)} />
      </div>
    </>
  );
}
