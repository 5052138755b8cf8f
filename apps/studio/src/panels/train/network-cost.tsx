import { useEffect, useState } from "preact/hooks";
import { call } from "../../engine/client.ts";
import type { NetworkCost as Cost } from "../../engine/jobs/describe.ts";
import type { PluginSpec } from "../../model/run-config.ts";
import { FailureNote } from "../../ui/failure-note.tsx";

export interface NetworkCostProps {
  readonly denoiser: PluginSpec;
  readonly size: number;
  readonly batch: number;
}

/** Wait for the slider to rest. */
const PAUSE = 150;

/** What the network will have and need, before anything is made. */
export function NetworkCost({ denoiser, size, batch }: NetworkCostProps) {
  const [cost, setCost] = useState<Cost>();
  const [error, setError] = useState<unknown>();
  const key = JSON.stringify({ denoiser, size, batch });
  useEffect(() => {
    let wanted = true;
    const timer = setTimeout(() => {
      call("describe", { denoiser, size, batch }).then(
        (found) => {
          if (!wanted) return;
          setCost(found);
          setError(undefined);
        },
        (problem: unknown) => wanted && setError(problem),
      );
    }, PAUSE);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [key]);
  const count = new Intl.NumberFormat("en");
  return (
    <>
      <dl class="facts">
        <div>
          <dt>parameters</dt>
          <dd>{cost ? count.format(cost.parameters) : "…"}</dd>
        </div>
        <div>
          <dt>memory, about</dt>
          <dd>{cost ? `${count.format(Math.ceil(cost.trainingBytes / 2 ** 20))} MB` : "…"}</dd>
        </div>
        <div>
          <dt>products an image</dt>
          <dd>{cost ? `${count.format(Math.round(cost.multiplyAdds / 1e6))} M` : "…"}</dd>
        </div>
      </dl>
      <FailureNote error={error} />
    </>
  );
}
