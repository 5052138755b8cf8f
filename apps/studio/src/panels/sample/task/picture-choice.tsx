import { builtInPictures } from "../../../model/pictures/built-in-pictures.ts";
import { Choice } from "../../../ui/controls/choice.tsx";
import { Slider } from "../../../ui/controls/slider.tsx";
import type { PictureSource } from "../settings.ts";
import { ownNames } from "./sources.ts";

export interface PictureChoiceProps {
  readonly label: string;
  readonly source: PictureSource;
  onChange(source: PictureSource): void;
}

const DRAWN = "drawn";
const BUILT_IN = "built-in:";
const OWN = "own:";

/** Which picture: drawn by the model, one that comes with the page, or the visitor's own. */
export function PictureChoice({ label, source, onChange }: PictureChoiceProps) {
  const own = new Set([...ownNames(), ...("own" in source ? [source.own] : [])]);
  const options = [
    { value: DRAWN, label: "drawn by the model" },
    ...Object.keys(builtInPictures).map((name) => ({ value: BUILT_IN + name, label: name })),
    ...[...own].map((name) => ({ value: OWN + name, label: name })),
  ];
  return (
    <>
      <Choice
        label={label}
        value={nameOf(source)}
        options={options}
        onChange={(value) => onChange(sourceOf(value))}
      />
      {"drawn" in source && (
        <>
          <Slider
            label="Drawn from seed"
            value={source.drawn.seed}
            min={0}
            max={200}
            step={1}
            onInput={(seed) => onChange({ drawn: { ...source.drawn, seed } })}
          />
          <Slider
            label="Sample number"
            value={source.drawn.number}
            min={0}
            max={63}
            step={1}
            onInput={(number) => onChange({ drawn: { ...source.drawn, number } })}
          />
        </>
      )}
    </>
  );
}

function nameOf(source: PictureSource): string {
  if ("drawn" in source) return DRAWN;
  return "own" in source ? OWN + source.own : BUILT_IN + source.builtIn;
}

function sourceOf(value: string): PictureSource {
  if (value === DRAWN) return { drawn: { seed: 0, number: 0 } };
  return value.startsWith(OWN) ? { own: value.slice(OWN.length) } : { builtIn: value.slice(BUILT_IN.length) };
}
