import { type Registry, registry, type Sampler } from "@ddpm/core";
import { dpmAdaptive } from "./dpm-solver/dpm-adaptive.ts";
import { dpmFast } from "./dpm-solver/dpm-fast.ts";
import { dpmMultistep } from "./dpm-solver/dpm-multistep.ts";
import { dpmSinglestep } from "./dpm-solver/dpm-singlestep.ts";
import { dpmpp2m } from "./dpm-solver/dpmpp-2m.ts";
import { dpmpp2mSde } from "./dpm-solver/dpmpp-2m-sde.ts";
import { dpmpp2sAncestral } from "./dpm-solver/dpmpp-2s-ancestral.ts";
import { dpmpp3mSde } from "./dpm-solver/dpmpp-3m-sde.ts";
import { dpmppSde } from "./dpm-solver/dpmpp-sde.ts";
import { deis } from "./multistep/deis.ts";
import { ipndm } from "./multistep/ipndm.ts";
import { lms } from "./multistep/lms.ts";
import { pndm } from "./multistep/pndm.ts";
import { saSolver } from "./multistep/sa-solver.ts";
import { unipc } from "./multistep/unipc.ts";
import { consistency } from "./posterior/consistency.ts";
import { ddim } from "./posterior/ddim.ts";
import { ddpm } from "./posterior/ddpm.ts";
import { tcd } from "./posterior/tcd.ts";
import { dpm2 } from "./single-step/dpm-2.ts";
import { euler } from "./single-step/euler.ts";
import { eulerAncestral } from "./single-step/euler-ancestral.ts";
import { heun } from "./single-step/heun.ts";
import { odeTime } from "./single-step/ode-time.ts";

/** Every built-in sampler. */
export const samplers: Registry<Sampler> = registry<Sampler>("diffusion/samplers", "sampler", [
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
  dpmpp2sAncestral,
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
