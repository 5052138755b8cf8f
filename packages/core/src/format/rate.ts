/** 51.23, "images" → `51 images/s`. */
export function formatRate(perSecond: number, unit: string): string {
  return `${perSecond >= 10 ? Math.round(perSecond) : perSecond.toPrecision(2)} ${unit}/s`;
}
