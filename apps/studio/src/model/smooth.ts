/** A moving average without the pull towards its start (Kingma and Ba 2014, algorithm 1). */
export function smooth(values: readonly number[], keep: number): number[] {
  let average = 0;
  let weight = 0;
  return values.map((value) => {
    average = keep * average + (1 - keep) * value;
    weight = keep * weight + (1 - keep);
    return average / weight;
  });
}
