import { annotatedWriter } from "./annotated.ts";
import { annotatedLaterWriter } from "./annotated-later.ts";
import { dataflowrWriter, nanoWriter } from "./dataflowr.ts";
import { diffusersWriter } from "./diffusers.ts";
import { ditWriter } from "./dit.ts";
import { edmWriter } from "./edm.ts";
import { labmlWriter } from "./labml.ts";
import { lucidrainsWriter } from "./lucidrains.ts";
import { openaiWriter } from "./openai.ts";
import type { Writer } from "./writer.ts";

/** The way back of every family of the registry `families`, by its name. */
export const writers: Readonly<Record<string, Writer>> = {
  annotated: annotatedWriter,
  "annotated-later": annotatedLaterWriter,
  dataflowr: dataflowrWriter,
  "dataflowr-nano": nanoWriter,
  labml: labmlWriter,
  openai: openaiWriter,
  diffusers: diffusersWriter,
  lucidrains: lucidrainsWriter,
  edm: edmWriter,
  dit: ditWriter,
};
