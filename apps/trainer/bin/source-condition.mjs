/** What a user's plugin is written with: it need not be installed where the file lies. */
const OURS = /^(@ddpm\/|@tensorflow\/tfjs|zod$)/;

/**
 * Resolves the workspace's packages to their sources (`exports` condition `@ddpm/source`); for a user's own module also
 * from here, where nothing is installed beside it, so that it shares its packages with the command.
 */
export async function resolve(specifier, context, next) {
  const conditions = ["@ddpm/source", ...context.conditions];
  try {
    return await next(specifier, { ...context, conditions });
  } catch (error) {
    if (!OURS.test(specifier)) throw error;
    return next(specifier, { ...context, conditions, parentURL: import.meta.url });
  }
}
