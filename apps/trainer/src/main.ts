import { registry } from "@ddpm/core";

console.log(registry("x", []).kind as string);
