/** 2866563 → `2,866,563`. */
export function formatCount(count: number): string {
  return count.toLocaleString("en-US");
}

/** 1, "picture" → `1 picture`; 2000 → `2,000 pictures`. */
export function countOf(count: number, what: string): string {
  return `${formatCount(count)} ${what}${count === 1 ? "" : "s"}`;
}

/** 4000 → `4,000`, 5.333 → `5.33`: whole from 100 on, else three digits. */
export function formatShare(value: number): string {
  return value >= 100 ? formatCount(Math.round(value)) : String(Number(value.toPrecision(3)));
}
