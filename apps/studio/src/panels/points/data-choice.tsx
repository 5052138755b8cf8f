import { change } from "../../state/settings.ts";
import { Choice } from "../../ui/controls/choice.tsx";
import { type PointsSettings, SETS, settings } from "./settings.ts";

export interface DataChoiceProps {
  readonly set: PointsSettings["set"];
  /** Number of points that were drawn. */
  readonly drawn: number;
  onClear(): void;
}

/** The points to learn. */
export function DataChoice({ set, drawn, onClear }: DataChoiceProps) {
  return (
    <>
      <Choice
        label="Data"
        value={set}
        options={SETS}
        onChange={(value) => change(settings, { set: value })}
      />
      {set === "drawn" && (
        <p class="row soft">
          Draw in the square. {drawn} points.
          <button type="button" onClick={onClear}>
            Clear
          </button>
        </p>
      )}
    </>
  );
}
