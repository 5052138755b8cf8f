import { fail, isDdpmError } from "@ddpm/core";
import type { Tokenizer } from "@ddpm/core/authoring";
import type { Check } from "../check.ts";

const where = "testing/tokenizer-suite";

/**
 * What every {@link Tokenizer} promises. Use: `for (const { name, run } of tokenizerSuite(tokenizer, texts)) test(name, run)`.
 *
 * @param texts that it encodes, one at least
 */
export function tokenizerSuite(tokenizer: Tokenizer, texts: readonly string[]): readonly Check[] {
  const { size, start, end, padding, length } = tokenizer;
  const isId = (id: number): boolean => Number.isSafeInteger(id) && id >= 0 && id < size;
  return [
    {
      name: "start, end and padding are ids of the vocabulary, and a row holds start and end",
      run() {
        if (![start, end, padding].every(isId))
          fail(where, `start ${start}, end ${end} and padding ${padding}, expected 0 to ${size - 1}.`);
        if (start === end) fail(where, `start and end are both ${start}.`);
        if (!(Number.isSafeInteger(length) && length >= 2)) fail(where, `rows of ${length} ids.`);
      },
    },
    {
      name: "texts are ids of the vocabulary, the same each time",
      run() {
        for (const text of texts) {
          const ids = tokenizer.encode(text);
          const wrong = ids.find((id) => !isId(id));
          if (wrong !== undefined) fail(where, `${JSON.stringify(text)} has the id ${wrong}.`);
          if (ids.length === 0) fail(where, `${JSON.stringify(text)} has no ids.`);
          if (tokenizer.encode(text).join() !== ids.join())
            fail(where, `${JSON.stringify(text)} has other ids the second time.`);
        }
      },
    },
    {
      name: "the empty text has no ids",
      run() {
        const ids = tokenizer.encode("");
        if (ids.length > 0) fail(where, `the empty text has the ids ${ids.join()}.`);
      },
    },
    {
      name: "ids are decoded to a text of the same ids",
      run() {
        for (const text of texts) {
          const ids = tokenizer.encode(text);
          const again = tokenizer.encode(tokenizer.decode(ids));
          if (again.join() !== ids.join()) fail(where, `${JSON.stringify(text)} comes back with other ids.`);
        }
      },
    },
    {
      name: "ids outside of the vocabulary are refused with a DdpmError",
      run() {
        for (const id of [-1, size, 0.5]) {
          try {
            tokenizer.decode([id]);
          } catch (error) {
            if (isDdpmError(error)) continue;
            throw error;
          }
          fail(where, `the id ${id} is decoded.`);
        }
      },
    },
  ];
}
