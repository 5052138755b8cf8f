import { type Denoiser, type Registry, registry } from "@ddpm/core";
import { annotated } from "./nets/annotated.ts";
import { annotatedLater } from "./nets/annotated-later.ts";
import { dataflowr } from "./nets/dataflowr.ts";
import { dhariwal } from "./nets/dhariwal.ts";
import { dit } from "./nets/dit.ts";
import { guided } from "./nets/guided.ts";
import { ho } from "./nets/ho.ts";
import { labml } from "./nets/labml.ts";
import { lucidrains } from "./nets/lucidrains/unet.ts";
import { lucidrains1d } from "./nets/lucidrains/unet-1d.ts";
import { mlp } from "./nets/mlp.ts";
import { nano } from "./nets/nano.ts";
import { pointwise } from "./nets/points/pointwise.ts";
import { song } from "./nets/song.ts";
import { unet1d } from "./nets/unet1d/index.ts";
import { unet2d } from "./nets/unet2d/index.ts";
import { unet2dCondition } from "./nets/unet2d-condition/index.ts";

/** Every built-in denoiser. */
export const denoisers: Registry<Denoiser> = registry("unet/denoisers", "denoiser", [
  ho,
  annotated,
  annotatedLater,
  labml,
  dataflowr,
  nano,
  lucidrains,
  guided,
  unet2d,
  unet2dCondition,
  song,
  dhariwal,
  dit,
  mlp,
  lucidrains1d,
  unet1d,
  pointwise,
]);
