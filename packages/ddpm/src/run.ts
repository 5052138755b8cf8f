import { DdpmError, fail } from "@ddpm/core";

/**
 * Work that is followed event by event (`for await`), or awaited for its result. It starts when it is iterated or
 * awaited, and runs once: after a loop to its end, awaiting gives the same result.
 */
export interface Run<Event, Result> extends AsyncIterable<Event>, PromiseLike<Result> {}

/**
 * A {@link Run} over a generator.
 *
 * @param what      what runs, for messages
 * @param start     makes the events; called once
 * @param resultOf  the result, from the last event
 * @throws DdpmError from a second loop, and when a run is awaited whose loop was left early
 */
export function runOf<Event, Result>(
  what: string,
  start: () => AsyncIterable<Event>,
  resultOf: (last: Event) => Result | Promise<Result>,
): Run<Event, Result> {
  let resolve!: (result: Result) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<Result>((onResult, onError) => {
    resolve = onResult;
    reject = onError;
  });
  promise.catch(() => {});
  let started = false;

  async function* events(): AsyncGenerator<Event, void> {
    let last: Event | undefined;
    let ended = false;
    try {
      for await (const event of start()) {
        last = event;
        yield event;
      }
      ended = true;
      resolve(await resultOf(last!));
    } catch (error) {
      ended = true;
      reject(error);
      throw error;
    } finally {
      if (!ended) reject(left(what));
    }
  }

  const begin = (): AsyncGenerator<Event, void> => {
    if (started)
      fail(`ddpm/${what}`, "this run was started before.", "Call the function again for another run.");
    started = true;
    return events();
  };

  return {
    [Symbol.asyncIterator]: begin,
    // biome-ignore lint/suspicious/noThenProperty: a run can be awaited for its result.
    then(onResult, onError) {
      if (!started) drive(begin()).catch(() => {});
      return promise.then(onResult, onError);
    },
  };
}

async function drive(events: AsyncGenerator<unknown, void>): Promise<void> {
  for await (const _ of events);
}

function left(what: string): DdpmError {
  return new DdpmError(
    `ddpm/${what}`,
    "the loop over this run was left before its end, so there is no result.",
    "Let the loop end.",
  );
}
