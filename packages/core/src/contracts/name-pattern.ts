/**
 * Whether a parameter's name fits one of the patterns, in which `*` stands for any characters: `*.bias`, `down.1.*`.
 */
export function fitsPattern(name: string, ...patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    const parts = pattern.split("*").map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, "\\$&"));
    return new RegExp(`^${parts.join(".*")}$`).test(name);
  });
}
