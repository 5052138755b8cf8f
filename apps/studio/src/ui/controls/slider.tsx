import { useId } from "preact/hooks";

/** A number with a handle and a box to type in. */
export interface SliderProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  /** Smallest difference; any number when left out. */
  readonly step?: number;
  /** Logarithmic: equal distances of the handle are equal factors. */
  readonly log?: boolean;
  /** What it means, shown when pointed at and read out. */
  readonly about?: string | undefined;
  onInput(value: number): void;
}

/** Positions of the handle. */
const TICKS = 400;

export function Slider({ label, value, min, max, step, log = false, about, onInput }: SliderProps) {
  const id = useId();
  const place = log ? Math.log(value / min) / Math.log(max / min) : (value - min) / (max - min);
  const take = (given: number): void => {
    if (!Number.isFinite(given)) return;
    const stepped = step ? Math.round(given / step) * step : Number(given.toPrecision(3));
    onInput(Math.min(max, Math.max(min, Number(stepped.toPrecision(12)))));
  };
  const fromPlace = (tick: number): number => {
    const share = tick / TICKS;
    return log ? min * (max / min) ** share : min + share * (max - min);
  };
  return (
    <div class="slider" title={about}>
      <label for={id}>{label}</label>
      <input
        type="number"
        value={step ? value : Number(value.toPrecision(4))}
        min={min}
        max={max}
        step="any"
        aria-label={`${label}, as a number`}
        onChange={({ currentTarget }) => take(currentTarget.valueAsNumber)}
      />
      <input
        id={id}
        type="range"
        min={0}
        max={TICKS}
        step={step && !log ? Math.max(1, Math.round((TICKS * step) / (max - min))) : 1}
        value={Math.round(place * TICKS)}
        aria-valuetext={String(Number(value.toPrecision(4)))}
        onInput={({ currentTarget }) => take(fromPlace(currentTarget.valueAsNumber))}
      />
    </div>
  );
}
