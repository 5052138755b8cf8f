/** Resolves the workspace's packages to their sources (`exports` condition `@ddpm/source`). */
export function resolve(specifier, context, next) {
  return next(specifier, { ...context, conditions: ["@ddpm/source", ...context.conditions] });
}
