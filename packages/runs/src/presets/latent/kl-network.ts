/** A KL autoencoder whose latents have a quarter of an image's rows and columns, and four channels. */
export function klNetwork(blockOutChannels: readonly [number, number, number]) {
  return {
    name: "kl",
    blockOutChannels,
    downBlockTypes: ["DownEncoderBlock2D", "DownEncoderBlock2D", "DownEncoderBlock2D"],
    upBlockTypes: ["UpDecoderBlock2D", "UpDecoderBlock2D", "UpDecoderBlock2D"],
    layersPerBlock: 1,
    latentChannels: 4,
    normNumGroups: 8,
    midBlockAddAttention: false,
  };
}
