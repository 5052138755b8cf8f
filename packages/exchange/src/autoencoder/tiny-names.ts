import { type Rules, renaming, type TensorNames } from "../weights/names.ts";

/** What decides at which places of a sequence the layers of a tiny autoencoder are. */
export interface TinyLayout {
  readonly numEncoderBlocks: readonly number[];
  readonly numDecoderBlocks: readonly number[];
  readonly stemChannels: readonly number[];
}

/**
 * Names in the state dicts of tiny autoencoders, whose layers are numbered in their sequences.
 *
 * @param prefix  of the sequences after `encoder.` and `decoder.`: `layers.` in diffusers' files
 * @param decoder layers without weights before the decoder's first convolution
 */
export function tinyNames(given: TinyLayout, prefix: "" | "layers.", decoder: number): TensorNames {
  const places = { ...encoderPlaces(given), ...decoderPlaces(given, decoder) };
  const rules: Rules = [
    [
      /^(encoder|decoder)\.(stem\d*|out|(?:down|up)\.\d+\.(?:conv|res\d+))\./,
      (side, layer) => `${side}.${prefix}${places[`${side}.${layer}`]}.`,
    ],
    [/\.pool\.conv([01])\./, (index) => `.pool.${3 * Number(index)}.`],
    [/\.pool\.norm\./, ".pool.1."],
    [/\.conv([012])\./, (index) => `.conv.${2 * Number(index)}.`],
  ];
  return renaming(rules);
}

type Places = Record<string, number>;

function encoderPlaces({ numEncoderBlocks, stemChannels }: TinyLayout): Places {
  const places: Places = {};
  let place = 0;
  for (const index of stemChannels.keys()) {
    places[`encoder.stem${index}`] = place;
    place += 2;
  }
  if (stemChannels.length === 0) places["encoder.stem"] = place++;
  for (const [level, blocks] of numEncoderBlocks.entries()) {
    if (level > 0) places[`encoder.down.${level}.conv`] = place++;
    for (let block = 0; block < blocks; block++) places[`encoder.down.${level}.res${block}`] = place++;
  }
  places["encoder.out"] = place;
  return places;
}

function decoderPlaces({ numDecoderBlocks }: TinyLayout, first: number): Places {
  const places: Places = { "decoder.stem": first };
  let place = first + 2;
  for (const [index, blocks] of numDecoderBlocks.entries()) {
    const level = numDecoderBlocks.length - 1 - index;
    for (let block = 0; block < blocks; block++) places[`decoder.up.${level}.res${block}`] = place++;
    if (level === 0) continue;
    places[`decoder.up.${level}.conv`] = place + 1;
    place += 2;
  }
  places["decoder.out"] = place;
  return places;
}
