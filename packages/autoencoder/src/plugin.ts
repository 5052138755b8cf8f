import { type MakePlugin, pluginsOf } from "@ddpm/core/authoring";

/** Makes a plugin of this package. */
export const plugin: MakePlugin = pluginsOf("autoencoder");
