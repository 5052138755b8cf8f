/** The seed of random comparisons: another one each day, or that of the environment variable `DDPM_SEED`. */
export function comparisonSeed(): number {
  const seed = Number(process.env.DDPM_SEED ?? Math.floor(Date.now() / 86_400_000));
  console.info(`random comparison with the cpu backend: DDPM_SEED=${seed}`);
  return seed;
}
