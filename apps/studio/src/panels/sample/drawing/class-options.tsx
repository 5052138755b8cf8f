import { Choice } from "../../../ui/controls/choice.tsx";
import { Slider } from "../../../ui/controls/slider.tsx";
import type { TaskOptionsProps } from "../task/task-options.tsx";

export interface ClassOptionsProps extends TaskOptionsProps {
  /** Names of the model's classes. */
  readonly classes: readonly string[];
}

/** The class of the pictures, and how much it guides. */
export function ClassOptions({ current, set, classes }: ClassOptionsProps) {
  const { task, guidance } = current;
  const turns = task === "paint" ? "that of the picture, where it is known" : "all, in turn";
  const label = task === "mix" && current.label === "turns" ? "none" : current.label;
  return (
    <>
      <Choice
        label="Class"
        value={String(label)}
        options={[
          ...(task === "mix" ? [] : [{ value: "turns", label: turns }]),
          { value: "none", label: "none" },
          ...classes.map((name, k) => ({ value: String(k), label: name })),
        ]}
        onChange={(value) => set({ label: value === "turns" || value === "none" ? value : Number(value) })}
      />
      <Slider
        label="Guidance"
        about="1: as trained; more: more like the class, with less variety"
        value={guidance}
        min={0}
        max={6}
        step={0.1}
        onInput={(value) => set({ guidance: value })}
      />
      {task === "mix" && current.between === "pictures" && label !== "none" && guidance !== 1 && (
        <p class="notice">The ends are the given pictures only with guidance 1.</p>
      )}
    </>
  );
}
