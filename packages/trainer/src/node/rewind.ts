import { join } from "node:path";
import { fail } from "@ddpm/core";
import { writeFileAtomic } from "./atomic.ts";
import { disk, type Files } from "./files.ts";
import { checkpointsOf, listCheckpoints, nameOf, readLatest, removeFolder } from "./layout.ts";

/**
 * Gives up the checkpoints after `images`, so that a run goes on from there: first `latest` names the one at `images`, then
 * the others go, newest first. Killed on the way, the run goes on from there as well.
 *
 * @param images images seen at the checkpoint to go back to; 0, where there is none, goes back to the beginning
 * @throws DdpmError when there is no such checkpoint
 */
export async function rewind(run: string, images: number, files: Files = disk): Promise<void> {
  const folder = checkpointsOf(run);
  const names = await listCheckpoints(run, files);
  const name = nameOf(images);
  if (names.includes(name)) {
    if ((await readLatest(run, files)) !== name)
      await writeFileAtomic(join(folder, "latest"), `${name}\n`, files);
  } else if (images > 0) {
    const there = names.map(Number).join(", ") || "none";
    fail("trainer/checkpoint", `${run} has no checkpoint at ${images} images to go back to: ${there}.`);
  }
  for (const later of names.filter((one) => one > name).reverse()) {
    await removeFolder(join(folder, later), files);
  }
}
