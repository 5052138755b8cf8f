import { useEffect, useState } from "preact/hooks";
import { call } from "../../../engine/client.ts";
import type { FitResult } from "../../../engine/jobs/weights/fit-weights.ts";
import type { ReadResult } from "../../../engine/jobs/weights/read-weights.ts";
import { OWN, optionsFrom, type WeightsNetwork } from "../../../model/configuration/weights-network.ts";
import { refreshRuns } from "../../../state/runs.ts";
import { Choice } from "../../../ui/controls/choice.tsx";
import { pluginChoices } from "../../../ui/controls/plugin-options.ts";
import { Slider } from "../../../ui/controls/slider.tsx";
import { FailureNote } from "../../../ui/failure-note.tsx";
import { short } from "../../../ui/plot/axis.ts";

export interface WeightsFormProps {
  readonly file: File;
  readonly read: ReadResult;
  /** A run was made of it. */
  onMade(run: string): void;
  onClose(): void;
}

/** Wait for typing to rest. */
const PAUSE = 250;

/** Which network a bare file of weights belongs to, what does not fit, and a run of it once all does. */
export function WeightsForm({ file, read, onMade, onClose }: WeightsFormProps) {
  const [network, setNetwork] = useState<WeightsNetwork>(read.network);
  const [text, setText] = useState(JSON.stringify(read.network.options, null, 1));
  const [fit, setFit] = useState<FitResult>();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    let current = true;
    setFit(undefined);
    const timer = setTimeout(() => {
      held(file, network, text).then(
        (found) => {
          if (!current) return;
          setFit(found);
          setError(undefined);
        },
        (problem: unknown) => current && setError(problem),
      );
    }, PAUSE);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [network, text]);
  const open = async (): Promise<void> => {
    setBusy(true);
    try {
      const run = await call("importWeights", { name: file.name, file, network: withOptions(network, text) });
      await refreshRuns();
      onMade(run);
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  const set = (part: Partial<WeightsNetwork>): void => setNetwork({ ...network, ...part });
  return (
    <section class="options entry" aria-label={`Weights of ${file.name}`}>
      <h2>{file.name}</h2>
      <p class="soft numbers">
        {read.tensors} tensors, {short(read.parameters)} numbers.{" "}
        {read.network.found
          ? `Its network was found ${read.network.found}.`
          : "Nothing says what network it belongs to: say it here."}
      </p>
      <Choice
        label="Names of"
        about="whose names its tensors have"
        value={network.family}
        options={[OWN, ...read.families]}
        onChange={(family) => set({ family })}
      />
      <label>
        {network.family === OWN
          ? "Network and its options"
          : "Arguments of its network, in that project's words"}
        <textarea
          rows={7}
          spellcheck={false}
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
        />
      </label>
      <Choice
        label="Schedule"
        value={nameOf(network.schedule)}
        options={pluginChoices.schedules}
        onChange={(schedule) => set({ schedule })}
      />
      <Choice
        label="Network returns"
        value={nameOf(network.parameterization)}
        options={pluginChoices.parameterizations}
        onChange={(parameterization) => set({ parameterization })}
      />
      {typeof network.size === "number" ? (
        <Slider
          label="Image side"
          value={network.size}
          min={4}
          max={256}
          step={1}
          onInput={(size) => set({ size })}
        />
      ) : (
        <p class="soft numbers">Images of {network.size.join(" × ")} pixels (rows × columns).</p>
      )}
      <Fit {...{ fit }} />
      <FailureNote error={error} />
      <p class="row">
        <button
          type="button"
          class="primary"
          disabled={busy || !fit || fit.misfits.length > 0}
          onClick={() => void open()}
        >
          Take these weights
        </button>
        <button type="button" onClick={onClose}>
          Leave them
        </button>
      </p>
    </section>
  );
}

/** Misfits shown at once. */
const MOST = 40;

function Fit({ fit }: { readonly fit: FitResult | undefined }) {
  if (!fit) return <p role="status">Holding it against the network …</p>;
  const { misfits, parameters } = fit;
  if (misfits.length === 0) return <p role="status">All fits: {short(parameters)} weights.</p>;
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

/** Fails in words where the text is no JSON object. */
async function held(file: File, network: WeightsNetwork, text: string): Promise<FitResult> {
  return call("fitWeights", { name: file.name, file, network: withOptions(network, text) });
}

/** @throws in words where the text is no JSON object */
function withOptions(network: WeightsNetwork, text: string): WeightsNetwork {
  return { ...network, options: optionsFrom(text) };
}

function nameOf(spec: WeightsNetwork["schedule"]): string {
  return typeof spec === "string" ? spec : (spec.name ?? "");
}
