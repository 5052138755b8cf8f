import { change } from "../../../state/settings.ts";
import { sampling, stopSampling } from "../results/sampling.ts";
import { settings } from "../settings.ts";
import type { Drawing } from "./use-drawing.ts";

/** Draws, stops, and draws from other noise. */
export function DrawButtons({ busy, draw }: Drawing) {
  const { task, between, seed } = settings.value;
  const again = (): void => {
    change(settings, { seed: seed + 1 });
    draw();
  };
  return (
    <p class="row">
      <button type="button" class="primary" disabled={busy} onClick={draw}>
        Draw
      </button>
      <button type="button" disabled={!sampling.value} onClick={stopSampling}>
        Stop
      </button>
      {(task !== "mix" || between === "seeds") && (
        <button type="button" disabled={busy} onClick={again}>
          Other noise
        </button>
      )}
    </p>
  );
}
