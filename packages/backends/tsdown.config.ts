import { tfjsGradients } from "../../tools/tfjs-gradients.mjs";
import shared from "../../tsdown.config.ts";

export default { ...shared, plugins: [tfjsGradients] };
