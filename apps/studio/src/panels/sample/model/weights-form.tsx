import { formatShort } from "@ddpm/core/authoring";
import { useState } from "preact/hooks";
import { call } from "../../../engine/client.ts";
import type { FitResult } from "../../../engine/jobs/weights/fit-weights.ts";
import type { ReadResult } from "../../../engine/jobs/weights/read-weights.ts";
import type { WeightsNetwork } from "../../../model/configuration/weights-network.ts";
import { refreshRuns } from "../../../state/runs.ts";
import { FailureNote } from "../../../ui/failure-note.tsx";
import { NetworkFields } from "./network-fields.tsx";
import { useFit, withOptions } from "./use-fit.ts";

export interface WeightsFormProps {
  readonly file: File;
  readonly read: ReadResult;
  /** A run was made of it. */
  onMade(run: string): void;
  onClose(): void;
}

/** Which network a bare file of weights belongs to, what does not fit, and a run of it once all does. */
export function WeightsForm({ file, read, onMade, onClose }: WeightsFormProps) {
  const [network, setNetwork] = useState<WeightsNetwork>(read.network);
  const [text, setText] = useState(JSON.stringify(read.network.options, null, 1));
  const { fit, problem } = useFit(file, network, text);
  const [failure, setFailure] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const open = async (): Promise<void> => {
    setBusy(true);
    setFailure(undefined);
    try {
      const described = withOptions(network, text);
      const run = await call("importWeights", { name: file.name, file, network: described });
      await refreshRuns();
      onMade(run);
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <section class="options entry" aria-label={`Weights of ${file.name}`}>
      <h2>{file.name}</h2>
      <p class="soft numbers">
        {read.tensors} tensors, {formatShort(read.parameters)} numbers.{" "}
        {read.network.found
          ? `Its network was found ${read.network.found}.`
          : "The file does not say what network it belongs to: describe it here."}
      </p>
      <NetworkFields
        {...{ network, text }}
        families={read.families}
        onChange={(part) => setNetwork({ ...network, ...part })}
        onText={setText}
      />
      <FitNote fit={fit} />
      <FailureNote error={failure ?? problem} />
      <p class="row">
        <button
          type="button"
          class="primary"
          disabled={busy || !fit || fit.misfits.length > 0}
          onClick={() => void open()}
        >
          Import these weights
        </button>
        <button type="button" onClick={onClose}>
          Cancel
        </button>
      </p>
    </section>
  );
}

/** Misfits shown at once. */
const MOST = 40;

function FitNote({ fit }: { readonly fit: FitResult | undefined }) {
  if (!fit) return <p role="status">Comparing it with the network …</p>;
  const { misfits, parameters } = fit;
  if (misfits.length === 0) return <p role="status">All fits: {formatShort(parameters)} weights.</p>;
  return (
    <div class="notice bad" role="status">
      <p>{misfits.length === 1 ? "This does" : `${misfits.length} things do`} not fit:</p>
      <ul class="refused">
        {misfits.slice(0, MOST).map((one) => (
          <li key={one}>{one}</li>
        ))}
        {misfits.length > MOST && <li>… and {misfits.length - MOST} more</li>}
      </ul>
    </div>
  );
}
