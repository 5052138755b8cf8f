import type { DecodedPicture } from "../../pictures/decoded-picture.ts";
import type { DecodeOptions } from "../pictures/decode.ts";
import { receivedError, type SentDecoded, type SentPicture, type Work } from "./protocol.ts";

/** What a thread is to do, and who waits for it. */
export interface Job {
  readonly job: Work[keyof Work]["job"];
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

/** A picture that no thread has yet. */
export interface WaitingPicture {
  readonly picture: SentPicture;
  readonly look: DecodeOptions;
  readonly resolve: (decoded: DecodedPicture) => void;
  readonly reject: (error: Error) => void;
}

/** Most pictures in a message. */
const LARGEST = 16;

/**
 * Takes pictures of the same treatment off the front of those that wait, and makes one job of them.
 *
 * @param waiting at least one
 * @param threads among which they are to be shared out
 */
export function pictureGroup(waiting: WaitingPicture[], threads: number): Job {
  const { look } = waiting[0]!;
  const other = waiting.findIndex((one) => one.look !== look);
  const alike = other < 0 ? waiting.length : other;
  const group = waiting.splice(0, Math.min(alike, LARGEST, Math.ceil(waiting.length / threads)));
  return {
    job: { kind: "pictures", look, pictures: group.map(({ picture }) => picture) },
    resolve: (results: readonly SentDecoded[]) => {
      results.forEach((result, i) => {
        if ("error" in result) group[i]!.reject(receivedError(result.error));
        else group[i]!.resolve(result);
      });
    },
    reject: (error) => {
      for (const { reject } of group) reject(error);
    },
  };
}
