/** Okabe and Ito's colours (2008), distinct with any colour vision; without yellow, which is too pale on white. */
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000"];

/** From the eighth curve on, colours come again with another dash. */
const DASHES = ["solid", "dashed", "dotted"] as const;

/** How a curve is drawn. */
export interface Look {
  readonly color: string;
  readonly type: (typeof DASHES)[number];
}

/** A look for each name, in order of appearance; 21 are different. */
export function looks(names: Iterable<string>): ReadonlyMap<string, Look> {
  const unique = [...new Set(names)];
  return new Map(
    unique.map((name, i) => [
      name,
      {
        color: COLOURS[i % COLOURS.length]!,
        type: DASHES[Math.floor(i / COLOURS.length) % DASHES.length]!,
      },
    ]),
  );
}
