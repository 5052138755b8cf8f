/** Groups for a jackknife error over `count` images: at least 5, at most `limit`, of two images or more. */
export function groupCount(count: number, limit: number): { readonly groups: number } {
  return { groups: Math.max(5, Math.min(limit, Math.floor(count / 2))) };
}
