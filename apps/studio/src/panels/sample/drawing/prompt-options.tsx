import { Slider } from "../../../ui/controls/slider.tsx";
import type { TaskOptionsProps } from "../task/task-options.tsx";

/** What a network that reads captions is to draw, and how much it guides. */
export function PromptOptions({ current, set }: TaskOptionsProps) {
  return (
    <>
      <label class="stacked">
        Prompt
        <input
          type="text"
          value={current.prompt}
          placeholder="as the captions of its images; empty: anything"
          onChange={({ currentTarget }) => set({ prompt: currentTarget.value })}
        />
      </label>
      <Slider
        label="Guidance"
        about="1: as trained; more: more like the prompt, with less variety"
        value={current.guidance}
        min={0}
        max={6}
        step={0.1}
        onInput={(value) => set({ guidance: value })}
      />
    </>
  );
}
