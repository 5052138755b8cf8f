import type { GivenPicture, SampleTask } from "./sample-input.ts";

interface Range {
  readonly min: number;
  readonly max: number;
}

/** A task with its pictures, which the page gives in [−1, 1], in the range of a run's images. */
export function inRange(task: SampleTask, { min, max }: Range): SampleTask {
  const moved = (picture: GivenPicture): GivenPicture =>
    picture.map((value) => min + ((value + 1) * (max - min)) / 2);
  if (min === -1 && max === 1) return task;
  if (task.kind === "edit" || task.kind === "paint") return { ...task, picture: moved(task.picture) };
  if (task.kind !== "mix" || !("pictures" in task.ends)) return task;
  const [first, second] = task.ends.pictures;
  return { ...task, ends: { pictures: [moved(first), moved(second)] } };
}
