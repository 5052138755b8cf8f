import { OWN, type WeightsNetwork } from "../../../model/configuration/weights-network.ts";
import { Choice } from "../../../ui/controls/choice.tsx";
import { pluginChoices } from "../../../ui/controls/plugin-options.ts";
import { Slider } from "../../../ui/controls/slider.tsx";

export interface NetworkFieldsProps {
  readonly network: WeightsNetwork;
  /** Its options as JSON. */
  readonly text: string;
  /** Other projects whose names of tensors are known. */
  readonly families: readonly string[];
  onChange(part: Partial<WeightsNetwork>): void;
  onText(text: string): void;
}

/** The network that weights belong to: its architecture, and what it was trained with. */
export function NetworkFields({ network, text, families, onChange, onText }: NetworkFieldsProps) {
  const { family, schedule, parameterization, size } = network;
  return (
    <>
      <Choice
        label="Tensor names of"
        about="the project whose names the tensors have"
        value={family}
        options={[OWN, ...families]}
        onChange={(value) => onChange({ family: value })}
      />
      <label>
        {family === OWN ? "Network and its options" : "Arguments of its network, as that project names them"}
        <textarea
          rows={7}
          spellcheck={false}
          value={text}
          onInput={({ currentTarget }) => onText(currentTarget.value)}
        />
      </label>
      <Choice
        label="Schedule"
        value={nameOf(schedule)}
        options={pluginChoices.schedules}
        onChange={(value) => onChange({ schedule: value })}
      />
      <Choice
        label="Network predicts"
        value={nameOf(parameterization)}
        options={pluginChoices.parameterizations}
        onChange={(value) => onChange({ parameterization: value })}
      />
      {typeof size === "number" ? (
        <Slider
          label="Image side"
          value={size}
          min={4}
          max={256}
          step={1}
          onInput={(value) => onChange({ size: value })}
        />
      ) : (
        <p class="soft numbers">Images of {size.join(" × ")} pixels (rows × columns).</p>
      )}
    </>
  );
}

function nameOf(spec: WeightsNetwork["schedule"]): string {
  return typeof spec === "string" ? spec : (spec.name ?? "");
}
