import { type Registry, registry, type Sampler } from "@ddpm/core";
import { consistency } from "./samplers/consistency.ts";
import { ddim } from "./samplers/ddim.ts";
import { ddpm } from "./samplers/ddpm.ts";
import { deis } from "./samplers/deis.ts";
import { dpm2 } from "./samplers/dpm-2.ts";
import { dpmAdaptive } from "./samplers/dpm-adaptive.ts";
import { dpmFast } from "./samplers/dpm-fast.ts";
import { dpmMultistep } from "./samplers/dpm-multistep.ts";
import { dpmSinglestep } from "./samplers/dpm-singlestep.ts";
import { dpmpp2m } from "./samplers/dpmpp-2m.ts";
import { dpmpp2mSde } from "./samplers/dpmpp-2m-sde.ts";
import { dpmpp2s } from "./samplers/dpmpp-2s.ts";
import { dpmpp3mSde } from "./samplers/dpmpp-3m-sde.ts";
import { dpmppSde } from "./samplers/dpmpp-sde.ts";
import { euler } from "./samplers/euler.ts";
import { eulerAncestral } from "./samplers/euler-ancestral.ts";
import { heun } from "./samplers/heun.ts";
import { ipndm } from "./samplers/ipndm.ts";
import { lms } from "./samplers/lms.ts";
import { odeTime } from "./samplers/ode-time.ts";
import { pndm } from "./samplers/pndm.ts";
import { saSolver } from "./samplers/sa-solver.ts";
import { tcd } from "./samplers/tcd.ts";
import { unipc } from "./samplers/unipc.ts";

/** Every built-in sampler. */
export const samplers: Registry<Sampler> = registry<Sampler>("sampler", [
  ddpm,
  ddim,
  heun,
  dpmpp2m,
  dpmpp2mSde,
  dpmpp3mSde,
  dpmMultistep,
  euler,
  eulerAncestral,
  dpm2,
  dpmpp2s,
  dpmppSde,
  lms,
  dpmFast,
  dpmAdaptive,
  odeTime,
  dpmSinglestep,
  unipc,
  deis,
  pndm,
  ipndm,
  saSolver,
  consistency,
  tcd,
]);
