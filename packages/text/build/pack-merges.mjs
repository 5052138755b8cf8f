// Writes src/clip/merges.ts from CLIP's own vocabulary file: node build/pack-merges.mjs bpe_simple_vocab_16e6.txt.gz
import { readFileSync, writeFileSync } from "node:fs";
import { deflateSync, gunzipSync } from "node:zlib";

/** Merges that CLIP takes of the file's 262,143: 49152 - 256 - 2 ids are left for them by bytes and ends. */
const COUNT = 49152 - 256 - 2;

const [file] = process.argv.slice(2);
const lines = gunzipSync(readFileSync(file)).toString("utf8").split("\n");
const merges = lines.slice(1, COUNT + 1).join("\n");
const packed = deflateSync(merges, { level: 9 }).toString("base64");
writeFileSync(
  new URL("../src/clip/merges.ts", import.meta.url),
  `/**
 * CLIP's ${COUNT.toLocaleString("en")} merges of byte pairs, one a line, the most frequent first: deflated, in base64. Written by
 * \`build/pack-merges.mjs\`. Source: openai/CLIP bpe_simple_vocab_16e6.txt.gz, MIT licence, copyright 2021 OpenAI.
 */
export const MERGES =
  "${packed}";
`,
);
